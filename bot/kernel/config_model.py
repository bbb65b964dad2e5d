"""The shape of ``config.yaml``: every setting with its type, limits, default and an example."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, SecretStr

from bot.kernel.config_community import Comunidad
from bot.kernel.config_company import Consentimiento, Empresa, Ley, Section, Text, WebAddress
from bot.kernel.config_outages import Cortes

#: Between these the calendar of holidays and every count of days are sound.
_FIRST_NOW, _LAST_NOW = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)

Mode = Literal["demo", "test", "production"]
Switch = Literal["auto", True, False]
Fraction = Annotated[float, Field(ge=0, le=1)]
Seconds = Annotated[float, Field(gt=0, le=86_400)]


class Server(Section):
    """The web server: sizes in bytes; ``trusted_proxies`` are addresses whose forwarding headers are believed."""

    host: Text = Field("127.0.0.1", examples=["127.0.0.1"])
    port: int = Field(8080, ge=1, le=65_535, examples=["8080"])
    public_url: str = Field(
        "", pattern=r"^(https?://[^\s]+)?$", max_length=500, examples=["https://atencion.empresa.example"]
    )
    max_body_bytes: int = Field(1_000_000, ge=10_000, le=50_000_000, examples=["1000000"])
    max_upload_bytes: int = Field(10_000_000, ge=10_000, le=100_000_000, examples=["10000000"])
    trusted_proxies: tuple[Text, ...] = Field((), examples=["[127.0.0.1]"])

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return self.host in {"127.0.0.1", "::1", "localhost"}


class Log(Section):
    """What is written about the work and how; ``auto`` is for people at a terminal and JSON elsewhere."""

    level: Literal["debug", "info", "warning", "error"] = Field("info", examples=["info"])
    format: Literal["auto", "json", "console"] = Field("auto", examples=["json"])


class Limites(Section):
    """Counted limits of the engine: steps a turn, tries a question, frames of the stack."""

    pasos: int = Field(250, ge=10, le=10_000, examples=["250"])
    intentos: int = Field(3, ge=1, le=20, examples=["3"])
    profundidad: int = Field(8, ge=2, le=50, examples=["8"])


class Dialogos(Section):
    """Where the conversations live, how long one lasts, and what silence does; 0 is never."""

    carpeta: Path = Field(Path(), examples=["dialogs"])
    idioma: Text = Field("es", pattern=r"^[a-z]{2,3}$", examples=["es"])
    limites: Limites = Limites()
    sesion_minutos: int = Field(720, ge=5, le=525_600, examples=["720"])
    recordar_minutos: int = Field(30, ge=0, le=10_080, examples=["30"])
    cerrar_horas: int = Field(24, ge=0, le=720, examples=["24"])
    retomar_dias: int = Field(7, ge=0, le=90, examples=["7"])


class Umbrales(Section):
    """Confidences between 0 and 1 that decide between acting, asking and admitting not to know."""

    intencion: Fraction = Field(0.45, examples=["0.45"])
    margen: Fraction = Field(0.12, examples=["0.12"])
    cambio: Fraction = Field(0.6, examples=["0.6"])
    interrupcion: Fraction = Field(0.85, examples=["0.85"])
    fuera_de_alcance: Fraction = Field(0.5, examples=["0.5"])


class Aprender(Section):
    """What is kept of messages that were not understood, masked: for how many ``dias``, and at most how many a day."""

    activo: bool = Field(default=True, examples=["true"])
    dias: int = Field(90, ge=1, le=730, examples=["90"])
    por_dia: int = Field(500, ge=1, le=100_000, examples=["500"])
    por_conversacion: int = Field(5, ge=1, le=100, examples=["5"])


class Nlu(Section):
    """Understanding: the trained model, the examples it comes from, its thresholds, and what it learns from use."""

    modelo: Path = Field(Path(), examples=["var/modelo.npz"])
    datos: Path = Field(Path(), examples=["nlu_data"])
    umbrales: Umbrales = Umbrales()
    aprender: Aprender = Aprender()


class Webchat(Section):
    """Our own web chat; ``origenes`` are the sites that may embed it."""

    activo: bool = Field(default=True, examples=["true"])
    origenes: tuple[Annotated[str, Field(pattern=r"^https?://[^/\s]+$")], ...] = Field(
        (), examples=["[https://empresa.example]"]
    )
    nombre: Text = Field("Atención en línea", examples=["Atención en línea"])
    color: str = Field("#0b6e4f", pattern=r"^#[0-9a-fA-F]{6}$", examples=['"#0b6e4f"'])
    logo: WebAddress | None = Field(None, examples=["https://empresa.example/logo.svg"])


class Rest(Section):
    """Rasa's REST face; ``auto`` opens it only while the server listens on this machine alone."""

    activo: Switch = Field("auto", examples=["auto"])


class Telegram(Section):
    """Telegram's Bot API: ``sondeo`` asks for updates, ``webhook`` waits for them.

    ``usuario`` is the bot's public name; where it is told, the web chat offers to follow a case there.
    """

    activo: bool = Field(default=False, examples=["false"])
    token: SecretStr | None = Field(None, examples=["${ATIENDE_TELEGRAM_TOKEN}"])
    modo: Literal["sondeo", "webhook"] = Field("sondeo", examples=["sondeo"])
    secreto: SecretStr | None = Field(None, examples=["${ATIENDE_TELEGRAM_SECRET}"])
    usuario: str = Field("", pattern=r"^([A-Za-z0-9_]{5,32})?$", examples=["aguas_valle_verde_bot"])
    url: WebAddress = Field("https://api.telegram.org", examples=["https://api.telegram.org"])


class WhatsApp(Section):
    """Meta's Cloud API; ``secreto`` is the app's, and ``secreto_anterior`` still holds while it is changed.

    ``cuenta_id`` is the WhatsApp Business account, which has the templates.
    """

    activo: bool = Field(default=False, examples=["false"])
    numero_id: str = Field("", pattern=r"^(\d{5,30})?$", examples=['"106540352242922"'])
    cuenta_id: str = Field("", pattern=r"^(\d{5,30})?$", examples=['"102290129340398"'])
    token: SecretStr | None = Field(None, examples=["${ATIENDE_WHATSAPP_TOKEN}"])
    secreto: SecretStr | None = Field(None, examples=["${ATIENDE_WHATSAPP_SECRET}"])
    secreto_anterior: SecretStr | None = Field(None, examples=["${ATIENDE_WHATSAPP_SECRET_OLD}"])
    verificacion: SecretStr | None = Field(None, examples=["${ATIENDE_WHATSAPP_VERIFY}"])
    idioma: str = Field("es", pattern=r"^[a-z]{2,3}(_[A-Z]{2})?$", examples=["es"])
    version: str = Field("v23.0", pattern=r"^v\d{1,3}\.\d{1,2}$", examples=["v23.0"])
    url: WebAddress = Field("https://graph.facebook.com", examples=["https://graph.facebook.com"])


class Correo(Section):
    """Mail that only goes out (one-time codes): ``carpeta`` leaves it in ``data_dir/correo``, ``smtp`` sends it.

    Left in a folder, mail reaches nobody, so in production that counts as switched off. ``remitente`` empty: the company's own ``correo``. ``tls`` is ``inicio`` (STARTTLS), ``siempre`` or ``no``.
    """

    activo: bool = Field(default=True, examples=["true"])
    modo: Literal["carpeta", "smtp"] = Field("carpeta", examples=["smtp"])
    remitente: str = Field("", pattern=r"^([^@\s]+@[^@\s]+\.[^@\s]+)?$", examples=["no-responder@empresa.example"])
    servidor: str = Field("", max_length=250, examples=["smtp.empresa.example"])
    puerto: int = Field(587, ge=1, le=65_535, examples=["587"])
    tls: Literal["inicio", "siempre", "no"] = Field("inicio", examples=["inicio"])
    usuario: str = Field("", max_length=250, examples=["no-responder@empresa.example"])
    clave: SecretStr | None = Field(None, examples=["${ATIENDE_SMTP_CLAVE}"])


class Sms(Section):
    """Text messages that only go out: ``carpeta`` leaves them beside the mail, ``http`` posts a document to ``url``.

    ``plantilla`` is a JSON document with ``{numero}`` (E.164), ``{texto}``, ``{remitente}`` and ``{id}``; the header
    ``encabezado`` carries ``clave``. As with mail, a folder counts as switched off in production.
    """

    activo: bool = Field(default=True, examples=["true"])
    modo: Literal["carpeta", "http"] = Field("carpeta", examples=["http"])
    remitente: Text = Field("Atiende", examples=["Aguas"])
    url: WebAddress | None = Field(None, examples=["https://sms.proveedor.example/v1/mensajes"])
    encabezado: str = Field("Authorization", pattern=r"^[A-Za-z][A-Za-z0-9-]{0,60}$", examples=["Authorization"])
    clave: SecretStr | None = Field(None, examples=["${ATIENDE_SMS_CLAVE}"])
    plantilla: str = Field(
        '{"to": "{numero}", "text": "{texto}"}', max_length=2_000, examples=['\'{"to": "{numero}"}\'']
    )
    plazo_s: Seconds = Field(10, le=20, examples=["10"])


class Canales(Section):
    """The channels of the house, a block each."""

    webchat: Webchat = Webchat()
    rest: Rest = Rest()
    telegram: Telegram = Telegram()
    whatsapp: WhatsApp = WhatsApp()
    correo: Correo = Correo()
    sms: Sms = Sms()


class Identidad(Section):
    """Proving that one may see an account; how often one may be wrong, and how long the door stays closed then."""

    intentos: int = Field(5, ge=1, le=20, examples=["5"])
    bloqueo_minutos: int = Field(60, ge=1, le=1440, examples=["60"])
    codigo_minutos: int = Field(10, ge=2, le=60, examples=["10"])
    intentos_codigo: int = Field(3, ge=1, le=5, examples=["3"])
    codigos_por_hora: int = Field(3, ge=1, le=20, examples=["3"])


class Envios(Section):
    """How sending is tried again; times in seconds, and days for what waits until its person writes."""

    intentos: int = Field(8, ge=1, le=100, examples=["8"])
    lease_s: Seconds = Field(30, examples=["30"])
    espera_inicial_s: Seconds = Field(2, examples=["2"])
    espera_maxima_s: Seconds = Field(600, examples=["600"])
    espera_persona_dias: int = Field(7, ge=1, le=10, examples=["7"])


class Rafaga(Section):
    """How long to wait for the next message of somebody who still types; 0 answers at once. Seconds."""

    espera_s: float = Field(1.5, ge=0, le=10, examples=["1.5"])
    maximo_s: float = Field(4.0, gt=0, le=30, examples=["4"])


class Atencion(Section):
    """How people are attended: the queue for a person of the utility, and messages in one breath."""

    minutos_por_turno: int = Field(8, ge=1, le=240, examples=["8"])
    opinion_cada_dias: int = Field(30, ge=0, le=3650, examples=["30"])
    opinion_de_casos: bool = Field(default=True, examples=["true"])
    rafaga: Rafaga = Rafaga()


class Avisos(Section):
    """Messages that we begin: seconds of silence before an errand of ours, hours that the preferences link works."""

    quietud_s: int = Field(120, ge=0, le=86_400, examples=["120"])
    enlace_horas: int = Field(24, ge=1, le=168, examples=["24"])


class Programador(Section):
    """The scheduler: how often it looks for due work, in seconds."""

    cada_s: Seconds = Field(30, examples=["30"])
    temporizadores_s: Seconds = Field(5, examples=["5"])


class ActionEndpoint(Section):
    """A remote rasa-sdk action server; without it actions run in this process. ``plazo_s`` in seconds."""

    url: WebAddress = Field(examples=["http://127.0.0.1:5055/webhook"])
    token: SecretStr | None = Field(None, examples=["${ATIENDE_ACTIONS_TOKEN}"])
    plazo_s: Seconds = Field(5, examples=["5"])


class SistemaFacturacion(Section):
    """The company's own billing system, asked over HTTP; times in seconds, ``antiguedad_max_h`` in hours.

    The sum of all tries has to end before an action's own deadline of five seconds.
    """

    url: WebAddress = Field(examples=["https://facturacion.empresa.example/atiende/v1"])
    token: SecretStr | None = Field(None, examples=["${ATIENDE_BILLING_TOKEN}"])
    plazo_s: Annotated[float, Field(gt=0, le=4.5)] = Field(1.5, examples=["1.5"])
    plazo_total_s: Annotated[float, Field(gt=0, le=4.5)] = Field(4, examples=["4"])
    intentos: int = Field(3, ge=1, le=10, examples=["3"])
    corta_tras: int = Field(5, ge=1, le=1_000, examples=["5"])
    descanso_s: Seconds = Field(30, examples=["30"])
    antiguedad_max_h: int = Field(24, ge=1, le=168, examples=["24"])


class Facturacion(Section):
    """Where bills come from: our own tables (``atiende import``), or ``sistema``."""

    sistema: SistemaFacturacion | None = Field(None, examples=["{url: https://facturacion.empresa.example/v1}"])


class Metricas(Section):
    """The page ``/metrics``; ``auto`` opens it only while the server listens on this machine alone."""

    activo: Switch = Field("auto", examples=["auto"])


class Settings(Section):
    """Every setting of one installation, checked; made only by ``bot.kernel.config.load_settings``.

    ``now`` is where the clock starts (aware), or None for the real time. ``database_url`` may hold a password.
    """

    mode: Mode = Field(examples=["demo"])
    now: AwareDatetime | None = Field(None, ge=_FIRST_NOW, lt=_LAST_NOW, examples=['"2026-03-18T10:30-05:00"'])
    data_dir: Path = Field(Path("var"), examples=["var"])
    database_url: str = Field(
        "",
        repr=False,
        pattern=r"^(sqlite:///.+|postgresql\+psycopg://.+)?$",
        examples=["postgresql+psycopg://atiende@/atiende"],
    )
    data_key: SecretStr | None = Field(None, examples=["${ATIENDE_DATA_KEY}"])
    server: Server = Server()
    log: Log = Log()
    empresa: Empresa = Field(examples=["{nombre: …, nit: …}"])
    ley: Ley = Field(default_factory=Ley, examples=["{sabado_habil: false}"])
    consentimiento: Consentimiento = Consentimiento()
    dialogos: Dialogos = Dialogos()
    nlu: Nlu = Nlu()
    canales: Canales = Canales()
    identidad: Identidad = Identidad()
    envios: Envios = Envios()
    atencion: Atencion = Atencion()
    comunidad: Comunidad = Comunidad()
    cortes: Cortes = Cortes()
    avisos: Avisos = Avisos()
    programador: Programador = Programador()
    action_endpoint: ActionEndpoint | None = Field(None, examples=["{url: http://127.0.0.1:5055/webhook}"])
    facturacion: Facturacion = Facturacion()
    metricas: Metricas = Metricas()

    @property
    def is_production(self) -> bool:
        """Whether real people are attended."""
        return self.mode == "production"

    @property
    def code_senders(self) -> dict[str, str]:
        """The channels that carry one-time codes, each with our own side of its addresses."""
        correo, sms = self.canales.correo, self.canales.sms
        found = {}
        # What stays in a folder of ours reaches nobody: real people would wait for it.
        if correo.activo and (correo.modo == "smtp" or not self.is_production):
            found["correo"] = correo.remitente or self.empresa.correo
        if sms.activo and (sms.modo == "http" or not self.is_production):
            found["sms"] = sms.remitente
        return found

    @property
    def rest_is_open(self) -> bool:
        """Whether Rasa's REST face answers."""
        asked = self.canales.rest.activo
        return self.server.is_loopback if asked == "auto" else bool(asked)

    @property
    def metrics_are_open(self) -> bool:
        """Whether ``/metrics`` answers."""
        asked = self.metricas.activo
        return self.server.is_loopback if asked == "auto" else bool(asked)
