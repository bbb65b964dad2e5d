"""Every action there is, listed: nothing is found by being imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogs.actions.attention import (
    LocateEmergency,
    NoteEmergency,
    Offices,
    ReportEmergency,
    SeeOutages,
    UnderstandPlace,
)
from dialogs.actions.consent import KeepConsent, LookAtConsent, WithdrawConsent
from dialogs.actions.filing import ClearAnswer, FilePqr, FindAccount, KeepAnnex, KeepFirstWords, TakeStory
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
from dialogs.actions.legal import AlertLegalDesk
from dialogs.actions.lessons import AskLesson, AskLessonQuestion, MarkLesson, NextBubble, OpenLesson
from dialogs.actions.notices import (
    AskLeftTopic,
    AskSector,
    BeginTopic,
    CheckSector,
    HearLeftTopic,
    HearWantedTopic,
    KeepHours,
    LeaveTopic,
    PrepareTopic,
    RefuseTopic,
    SeeWishes,
)
from dialogs.actions.opinions import HearComplaint, KeepComplaint, KeepMark, KeepOpinion, TimeForOpinion
from dialogs.actions.own_cases import (
    AddToCase,
    AnsweredCases,
    AskAppealed,
    AskWhichCase,
    ListCasesFor,
    LookAtAppealed,
    OpenCase,
    TakeCase,
    WithdrawCase,
)
from dialogs.actions.queue import LeaveQueue, PassQueue, SeeQueue

if TYPE_CHECKING:
    from dialogs.actions.base import AtiendeAction

ACTIONS: tuple[type[AtiendeAction], ...] = (
    AddToCase,
    AlertLegalDesk,
    AnsweredCases,
    AskAppealed,
    AskLeftTopic,
    AskLesson,
    AskLessonQuestion,
    AskRadicado,
    AskSector,
    AskWhereToSend,
    AskWhichAccount,
    AskWhichArticle,
    AskWhichCase,
    BeginTopic,
    CheckArticle,
    CheckSector,
    ClearAnswer,
    FilePqr,
    FindAccount,
    FindArticle,
    FindDoor,
    FindMyCase,
    HearComplaint,
    HearLeftTopic,
    HearWantedTopic,
    KeepAnnex,
    KeepComplaint,
    KeepConsent,
    KeepFirstWords,
    KeepHours,
    KeepMark,
    KeepOpinion,
    KeepPerson,
    LeaveQueue,
    LeaveTopic,
    ListCasesFor,
    LocateEmergency,
    LookAtAppealed,
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
    OpenCase,
    OpenLesson,
    OpenWithCode,
    PassQueue,
    PrepareTopic,
    RefuseTopic,
    ReportEmergency,
    SeeOutages,
    SeeQueue,
    SeeWishes,
    SendCode,
    ShowAccount,
    ShowArticle,
    TakeAccount,
    TakeCase,
    TakeOnlyCase,
    TakeQuestion,
    TakeStory,
    TimeForOpinion,
    TryCode,
    UnderstandPlace,
    WithdrawCase,
    WithdrawConsent,
)
