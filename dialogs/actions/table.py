"""Every action there is, listed: nothing is found by being imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogs.actions.attention import (
    KeepMark,
    KeepOpinion,
    LocateEmergency,
    NoteEmergency,
    Offices,
    ReportEmergency,
    SeeOutages,
    UnderstandPlace,
)
from dialogs.actions.consent import KeepConsent, LookAtConsent, WithdrawConsent
from dialogs.actions.filing import ClearAnswer, FilePqr, FindAccount, KeepAnnex, TakeStory
from dialogs.actions.following import AskRadicado, FindMyCase, MyCases, OpenWithCode, TakeOnlyCase
from dialogs.actions.identity import (
    AskWhereToSend,
    AskWhichAccount,
    FindDoor,
    KeepPerson,
    LookAtIdentity,
    LookAtPerson,
    SendCode,
    ShowAccount,
    TakeAccount,
    TryCode,
)
from dialogs.actions.knowledge import (
    AskWhichArticle,
    CheckArticle,
    FindArticle,
    NearestPoints,
    OfferMore,
    ShowArticle,
    TakeQuestion,
)
from dialogs.actions.lessons import AskLesson, AskLessonQuestion, MarkLesson, NextBubble, OpenLesson

if TYPE_CHECKING:
    from dialogs.actions.base import AtiendeAction

ACTIONS: tuple[type[AtiendeAction], ...] = (
    AskLesson,
    AskLessonQuestion,
    AskRadicado,
    AskWhereToSend,
    AskWhichAccount,
    ClearAnswer,
    FilePqr,
    FindAccount,
    FindDoor,
    AskWhichArticle,
    CheckArticle,
    FindArticle,
    FindMyCase,
    KeepAnnex,
    KeepConsent,
    KeepMark,
    KeepOpinion,
    KeepPerson,
    LocateEmergency,
    LookAtConsent,
    LookAtIdentity,
    LookAtPerson,
    MarkLesson,
    MyCases,
    NearestPoints,
    NextBubble,
    NoteEmergency,
    OfferMore,
    Offices,
    OpenLesson,
    OpenWithCode,
    ReportEmergency,
    SeeOutages,
    SendCode,
    ShowAccount,
    TakeAccount,
    ShowArticle,
    TakeOnlyCase,
    TakeQuestion,
    TakeStory,
    TryCode,
    UnderstandPlace,
    WithdrawConsent,
)
