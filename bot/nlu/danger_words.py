"""The vocabulary of danger and the rules that join its words; read together with the fixed texts of §7.6.

A concept is a set of ways to say one thing, compared by sound; ``*`` at the end makes a word a stem. A rule speaks
when one word of each of its groups stands within a window of words, and none of its ``unless`` concepts appears.
Rules are tried in order: first what is certain, then what is only likely. In doubt the answer is danger.
"""

from __future__ import annotations

from dataclasses import dataclass

CONCEPTS: dict[str, str] = {
    # smell
    "HUELE": "huele huelen huelo huela oler oliendo hule uele ule ole hele huelle guele olia huelia olio huelemos hiede"
    " jiede yede apesta apestando jedion hediondo hediondez huelr huel uelo ueloa olemos huelee",
    "OLOR": "olor olores olorcito olores oolor ollor olorsito holor tufo hedor olorr",
    "RARO": "raro rara raros raras extraño extraña extrano extrana desconocido sospechoso quimico quimicos",
    "FEO": "feo fea feos maluco maluca horrible horribles fuerte fuertes fuertisimo insoportable asqueroso mal malo"
    " malos penetrante",
    "PODRIDO": "podrido podridos podrida podridas potrido podrio danado danados dañado",
    "HUEVO": "huevo huevos guevo guevos webo webos huebo uevo",
    "QUEMADO": "quemado quemada quemados chamuscado chamuscada quemao caucho plastico",
    "MALA_FUENTE": "basura basuras basurero caño canos cano sifon sifones baño bano perro perros humedad pintura comida"
    " perfume marihuana mariguana alcantarilla alcantarillado mortecino estiercol rio quebrada relleno caneca"
    " contenedor lixiviado lixiviados marrano marranos pollo galpon cloro",
    # gas
    "GAS": "gas gaz gass agas algas algaz dgas degas elgas jas gases agaz gaas gsa gaslp",
    "FUGA": "fuga fugas fuja fugandose escape escapes escapando escapandose escapa excape eskape fugando fugaz fugua",
    "BOTA": "bota botando boto saliendo saliendose regando regandose filtrando filtrandose derramando soltando tirando"
    " expulsando silbando pitando soplando filtra riega",
    "SALE": "sale salio",
    "SE": "se",
    "LLENO": "lleno llena llenos llenando lleno inundada",
    "VALVULA": "valvula valvulas balbula registro regulador manguera mangera llave medidor contador",
    "VALVULA_GAS": "valvula valvulas balbula valbula",
    "CILINDRO": "pipeta pipetas cilindro cilindros bombona pipa garrafa",
    "ROTO": "roto rota rotos rompio rompieron partio partida partido reventado revento reventada suelta suelto"
    " quebrada quebro floja explotado estallo rompimos rompi romper",
    "SUENA": "suena sonando silba silbando pita pitando sopla soplando",
    # carbon monoxide
    "SINTOMA": "mareo mareos mareado mareada mareados mareadas marea mareamos mariado mariada nausea nauseas vomito"
    " vomitos vomitando vomita vomitar desmayo desmayado desmayada desmaye desmayamos asfixia asfixiando"
    " asfixiado somnolencia intoxicado intoxicados intoxicada intoxicacion intoxicamos ahogo dormido"
    " dormida dormidos responde inconsciente sueno",
    "DUELE": "duele dolor dolores duelen doliendo due",
    "CABEZA": "cabeza cabesa caveza",
    "APARATO": "calentador calentadores estufa estufas gas horno chimenea generador brasero carbon calefon fogon ducha",
    "LLAMA": "llama llamas flama flamas llamita",
    "AMARILLA": "amarilla amarillas amarillo naranja naranjada roja anaranjada",
    "MONOXIDO": "monoxido monosido monoxid",
    # electricity
    "CABLE": "cable cables cableado cuerda cuerdas alambre alambres alanbre cabel cble cablr cabl cabble csble canle",
    "RED_LUZ": "linea lineas red redes tension cuerda conductor conductores",
    "ELECTRICO": "electrica electrico electricas electricos energia luz tension alta corriente voltaje",
    "CAIDO": "caido caida caidos caidas caio cayo callo cae caer cayendo callendo cayeron calleron tirado tirada"
    " tirados suelto suelta sueltos pelado pelada pelados pelao colgando guindando guindado descolgado"
    " descolgada descolgo reventado reventados revento rotos roto rompio rompieron arrancado arrancaron"
    " arranco piso suelo tierra vivo vivos descubierto descubiertos viva vivas",
    "CHISPA": "chisp* xispa xispas chizpa chizpas chipas chispas",
    "POSTE": "poste postes pote postesito torre posye posre",
    "POSTE_MAL": "caido cayo callo cayendo callendo caer caerse cae partido tumbado tumbo tumbaron chocado choco"
    " chocaron estrello estrellaron quebrado humo candela ladeando quemando tambaleando tambalea abajo"
    " desplomo",
    "LADEADO": "inclinado ladeado torcido doblado",
    "ELECTROCUT": "electrocut* eletrocut* elecrocut* electrocuto corrientazo corrientaso correntazo electrisado"
    " electrizado electrocutado",
    "CORRIENTE": "corriente corrientes corrient coriente calambre calambrazo",
    "DA_CORRIENTE": "cogio coge coje cojio paso pasa pasando dio da dando agarro agarra mato mata pego pega prendio"
    " pasandome",
    "TRANSFORMADOR": "transformador transformadores trasformador tranformador transfo",
    "EXPLOTO": "exploto explota explotando explotar explosion explocion estallo estallido estalla estallando trueno trono"
    " totio reventon esploto esplosion explotado explotaron explote",
    "REVIENTA": "revento reventado reventando revienta",
    "APARATO_LUZ": "contador contadores medidor medidores toma tomas tomacorriente tomacorrientes breaker breakers taco"
    " tacos enchufe enchufes tablero caja cajas breker brequer totalizador interruptor lampara luminaria poste cable"
    " cables transformador instalacion",
    "ENCHUFE": "toma tomas tomacorriente tomacorrientes enchufe enchufes breaker breakers tacos tablero",
    "CIRCUITO": "circuito sircuito cortocircuito cortosircuito",
    "CORTO": "corto cortos cortocircuito cortosircuito",
    "ARBOL": "arbol arboles rama ramas palo tronco",
    "ENCIMA": "cayo callo caido cayeron caida cayendo",
    # fire
    "INCENDIO": "incendi* insendi* incendio incendios incendiando incendiandose incendian",
    "CANDELA": "candela fuego fogata candelada llamarada llamaradas candelero",
    "EN": "en",
    "LLAMAS": "llamas yamas",
    "QUEMANDO": "quemando quemandose quema queman prendiendose prendio prendiendo ardiendo derritiendo derritiendose",
    "HUMO": "humo humareda humito umo humaredas humos",
    "HAY": "hay sale saliendo salio echa echando bota botando mucho lleno llena puro prendio prende",
    "COSA": "casa apartamento edificio techo local bodega estufa nevera cuarto cocina carro arbol monte lote sala negocio"
    " planta subestacion colchon cortina finca",
    "ELECTRODOMESTICO": "bombillo bombillos bombilla electrodomestico electrodomesticos aparatos voltaje bajones nevera"
    " televisor tv",
    # water
    "INUND": "inund* hinund* enund* innund* anegad* anegando anegandose inundo unundando inudando innundando inudado",
    "TUBO": "tubo tubos tuberia tuveria linea caño red conduccion aduccion",
    "MATRIZ": "matriz madre principal matris grande gruesa grueso",
    "TUBO_MAL": "roto rota rompio revento reventado reventada estallo exploto exploto daño dañado danado fuga botando"
    " bota partio fisurado salio averiado reventaron rompieron",
    "SOCAVON": "socavon socabon socaban socavones zocavon",
    "HUNDIO": "hundio hundiendo hunde hundido hundimiento undio undiendo undimiento",
    "SUELO": "calle via anden pavimento carretera piso carro terreno casa acera vehiculo carril patio tierra bus",
    "POZO_HONDO": "alcantarilla alcantarillas manjol manhol manholes manjoles manhole pozo pozos recamara sumidero",
    "SIN": "sin falta robaron robo robarse robada quitaron llevaron abierta abierto partida hurtaron no",
    "TAPA": "tapa tapas tapadera",
    "DESTAPADA": "destapada destapado destapadas destapados abierta abierto abiertas",
    "OTRA_TAPA": "basura caneca contador medidor olla tanque contenedor cajita cajilla macromedidor registro cajitas"
    " caja cajas hojas",
    "AGUAS": "aguas agua ahua awa agu agwa",
    "NEGRAS": "negras negra negrass servidas residuales",
    "CASA": "casa casas sala cuarto cuartos cocina pieza piezas local negocio apartamento patio baño bano alcoba"
    " habitacion sotano tienda garaje adentro dentro sifon sifones inodoro sanitario regadera lavamanos",
    "ENTRA": "entra entrando entro entrandose entrado mete metiendo metio metiendose metido metieron devolviendo"
    " devuelve devolvio devolvieron devolviendose saliendo brotando brota",
    "AFUERA": "frente afuera calle anden esquina",
    "CRECIDA": "alcantarilla caño cano quebrada rio lluvia aguacero desborde creciente canal colector manjol aguas agua",
    "CUERPO": "cintura rodilla rodillas cuello pecho tobillo tobillos hombros",
    "MOJA": "moja mojando mojo mojado mojados cae cayendo cayo chorrea llega llegando llego entra entrando metiendo",
    # bad water
    "ENFERMO": "enfermo enferma enfermos enfermas enfermaron enfermando enfermamos enfermado vomito vomitos"
    " vomitando diarrea diarreas intoxicado intoxicados intoxicada intoxicamos intoxicacion soltura"
    " rasquiña rasquina roncha ronchas brote brotes fiebre hospital cagadera churrias ardio quemo irrito"
    " irritacion alergia piel",
    "BARRIGA": "estomago barriga estomacal panza",
    "AGUA_USO": "tomar tomamos tomaron tomo tomarnos tomando beber bebimos bebio sale sucia turbia amarilla cafe llave"
    " mala color olor huele contaminada bañarnos bañamos bañarse sabor raro chocolate verde tomarse consumir toma",
    "CONTAMINADA": "contaminada contaminado contaminando envenenada envenenado envenenaron veneno toxica toxico",
    "VENENO": "gasolina acpm petroleo quimico quimicos veneno podrido podrida mortecino muerto mierda popo negras"
    " insecticida pesticida thinner combustible raro extraño extraña rara aceite",
    # risk to life
    "AUXILIO": "auxilio ausilio auxillo auxiliooo auxlio socorro zocorro",
    "HERIDO": "herido herida heridos heridas fallecido accidentado inconsciente inconciente infarto convulsionando",
    "MUERE": "muriendo muere morirme matarme suicid*",
    "MUERE_DICHO": "calor sed hambre risa rabia pena frio susto cobro factura aburrimiento recibo",
    "ATRAPADO": "atrapado atrapada atrapados atrapadas ahogando ahogandose ahogo sepultado electrocutado",
    "DEUDA": "deuda deudas plata intereses recibo factura cuotas colgado",
    "RESPIRA": "respira respirar respirando respiramos",
    "NO_PUEDE": "no",
    "PERSONA": "niño nino niña nina niños ninos señora senora señor senor persona alguien hombre mujer abuelo abuela"
    " vecino vecina muchacho joven bebe mama papa hijo hija trabajador obrero",
    "CAYO": "cayo callo cae caer cayendo fue hundio resbalo metio caido caida",
    "HUECO": "hueco alcantarilla pozo manjol caño cano zanja canal sumidero recamara",
    "VITAL": "oxigeno respirador dialisis concentrador ventilador nebulizador uci oxijeno osigeno",
    "LUZ": "luz energia corriente electricidad apagon",
    "DERRUMBE": "derrumbe derrumbando derrumbandose derrumbo avalancha deslizamiento deslizando colapso desplomo"
    " desplomando deslizamientos",
    "EMERGENCIA": "emergencia emergensia emergenzia emerjencia emergencias emergensias",
    # what speaks against
    "FACTURA": "factura facturas recibo recibos cobro cobraron cobran cobrando caro cara caros carisimo carisima cuanto"
    " cuesta vale valor precio pagar pague pago tarifa subsidio deuda debo",
    "CARRO": "carro carros moto motos bus mofle gato perro",
    "AGUA": "agua aguas acueducto chorro goteo gotera goteras inodoro sanitario lavamanos lavaplatos tanque"
    " alberca regadera cisterna humedad charco charcos encharca encharcado",
    "TUBERIA": "tubo tubos tuberia anden calle via contador medidor llave grifo manguera macromedidor cajilla cajita",
    "YA_PUESTO": "queja reclamo radicado puse peticion interna revisar revision era solicitud",
    "LEJOS": "internet wifi television tv celular claro movistar tigo",
    "SABOR": "sabe sabor saben sabia",
    "PEGADO": "pegado pegada pegados pego",
    "ABRIO": "abrio abriendo abre hundio trago",
    "GRIETA": "grieta grietas agrieta agrietando agrieto rajando rajo",
    "HUECO_CALLE": "hueco huecos crater boquete hoyo tierra piso",
    "ACOMETIDA": "acometida acometidas",
    "POR_TIERRA": "caido caida caidos caidas cayo callo cayendo tirado tirada colgando guindando descolgada suelo piso"
    " chispas",
    "AVISO": "avisar avisen avisame aviseme avisarme avisos aviso digan notifiquen recibir antes inscribir",
    "COMIDA": "arroz comida sopa cena almuerzo tostada tostadas olla frijoles carne",
    "NOMENCLATURA": "nomenclatura letrero senal aviso publicidad",
    "OTRA_EMERGENCIA": "subsidio fondo declaratoria ingreso economica sanitaria",
    "DEVOLVIO": "devolviendo devuelve devolvio devolvieron devolviendose metieron metiendo metio mete entrando entra"
    " entro subiendo",
    "CON_DERECHO": "ilegal ilegales robando fraude contrabando pirata",
    "AGUA_ABIERTA": "hidrante acometida geofono red tanque mes meses semanas dias visible parque",
    "PELIGRO": "peligro peligroso peligrosa riesgo peligros",
    "PELIGRO_DE": "electrico electrica vida muerte gas explosion electrocutarse caer",
    "BOMBEROS": "bomberos bombero vomberos",
    "TASA": "sobretasa tasa bomberil cobro cobran",
    "POR_CAUSA": "por con tomar beber",
    "ABIERTA": "abierta abierto abiertas abiertos",
    "LLAVE_GAS": "llave valvula registro perilla",
    "MERCAPTANO": "mercaptano mercaptan",
    "ARDE": "arde arden ardiendo pica",
    "GARGANTA": "garganta ojos nariz pecho",
    "ARCO": "arco arcos zumba zumban zumbando brinca brincando brincan",
    "TOCA": "toca tocan tocando roza",
    "COSA_CERCA": "reja rejas techo ventana piso carro balcon terraza",
    "AGARRO": "cogio agarro toco tocado cogido agarrado piso",
    "SE_QUEMO": "quemo quemado quemada queme",
    "ENERGIZADO": "energizado energizada electrificado electrificada energizados",
    "DESBORDO": "desbordo desbordando desborda desbordada rebosa rebosando reboso rebosada",
    "MIERDA": "mierda popo excremento excrementos heces caca",
    "PARED": "pared paredes muro techo columna",
    "SE_CAE": "caer cae cayendo cayo caerse derrumbar",
    "FUGA_SOLA": "fuga fugas fuja fugua escape escapes excape eskape",
    "MATAR": "matar mata mate",
    "ALGUIEN": "alguien nino ninos niña persona gente",
    "NO": "no ni nunca",
    "YA": "ya",
}

#: Concepts whose words are also recognised with one wrong, missing, added or swapped letter.
FUZZY = frozenset(
    "APARATO ATRAPADO AUXILIO CABLE CAIDO CANDELA CHISPA CILINDRO CONTAMINADA CORRIENTE DERRUMBE ELECTROCUT EMERGENCIA"
    " ENFERMO EXPLOTO FUGA HUMO INCENDIO INUND MONOXIDO POSTE PODRIDO QUEMADO QUEMANDO SINTOMA SOCAVON TRANSFORMADOR"
    " VALVULA HUELE OLOR CIRCUITO MATRIZ TUBO AMARILLA CABEZA".split()
)

#: Everyday words that are one letter away from a word of danger and mean something else.
LOOKALIKES = frozenset(
    (
        "abonada abonado adiccion ahorrando alegre alegria alergica aportes aposta apostando apuesta aranado "
        "arando arano arranca arrancar arranque arriendo atracado atraco atrapar atrasada atrasadas atrasado "
        "atrasados atraso bajita bonita bonitas bonito bonitos bote botes cabinas cableoperador cabreado caldera "
        "calendario calentado callaron callejon calles canal cancela cancelada canceladas cancelado cancelar "
        "cancelo carbono carton casilla caves celta cerda chapas chicas chinas chips chiras colado colando "
        "comedor conductora contado contados cuidado cuidas curda desmanado desplumando desplumo diaria diario "
        "donado escala escalando escale escampa escampe escanee escasa escasez escaso estaba establo estaca "
        "estadio estado estados estafando estafaron estafo estara estaran estarlo estrato estratos explorar "
        "exploraron exploro fugaces fugaz fumando gasto gastos grandes guindo honores horrores huelga huella "
        "imitacion inmueble instalada instalado manera maneras mapeadas marcada marcadas marcado marcar marchado "
        "marchamos marcos mareas mares maria marido maridos marino medido naranjas pasado pecados pedido pedidos "
        "pegada pegadas pegado pegados pelos penado pesada pesado pesados pileta piletas plastica plasticas "
        "podido podio podria podrian podrias podrir poses postal posters predio predios prendido prendo queda "
        "quedado quedan quedando quedandose quedaron quedo quejado quejan quejando quejandose quejaron quemaron "
        "registra registrado registrar registre registros regulado regular regulares reporte responda respondan "
        "responden responder respondo roncas soltera soltero sonoro suela suelas sueldo sueldos sueltes tierna "
        "timado timados tirador tirara tiras tiros tomas tonica topico tuberias valores "
    ).split()
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One way in which danger is told. ``window`` is in words; ``not_denied`` lets a "no" before it speak against.

    ``unless_reported``: too weak a sign where the message is about a fault that was reported before.
    """

    kind: str
    name: str
    groups: tuple[frozenset[str], ...]
    window: int = 7
    unless: frozenset[str] = frozenset()
    not_denied: bool = False
    unless_reported: bool = False


def _rule(  # as a rule has it
    kind: str, needs: str, window: int = 7, *, unless: str = "", not_denied: bool = False, unless_reported: bool = False
) -> Rule:
    groups = tuple(frozenset(group.split("|")) for group in needs.split())
    return Rule(kind, f"{kind}: {needs}", groups, window, frozenset(unless.split()), not_denied, unless_reported)


RULES: tuple[Rule, ...] = (
    # certain
    _rule("gas", "HUELE|OLOR GAS", 6, unless="YA_NO"),
    _rule("gas", "HUEVO PODRIDO", 3),
    _rule("gas", "HUELE|OLOR HUEVO", 5),
    _rule("gas", "FUGA GAS", 6, unless="YA_NO"),
    _rule("gas", "BOTA GAS", 5, unless="FACTURA", not_denied=True),
    _rule("gas", "SE SALE GAS", 5, unless="FACTURA", not_denied=True),
    _rule("gas", "SALE GAS", 2, unless="FACTURA", not_denied=True),
    _rule("gas", "ABIERTA LLAVE_GAS GAS", 5),
    _rule("gas", "MERCAPTANO"),
    _rule("gas", "ARDE GARGANTA", 4),
    _rule("gas", "LLENO GAS", 5, unless="FACTURA"),
    _rule("gas", "GAS SUENA|ROTO VALVULA|CILINDRO|TUBO", 8, unless="AGUA FACTURA TAPA"),
    _rule("gas", "CILINDRO FUGA|BOTA|ROTO|HUELE|EXPLOTO|QUEMANDO", 6),
    _rule("monoxido", "MONOXIDO"),
    _rule("monoxido", "LLAMA AMARILLA", 6),
    _rule("monoxido", "SINTOMA APARATO", 16, unless="FACTURA"),
    _rule("monoxido", "DUELE CABEZA APARATO", 18, unless="FACTURA"),
    _rule("electrica", "ELECTROCUT"),
    _rule("electrica", "CHISPA"),
    _rule("electrica", "CABLE CAIDO", 8, not_denied=True),
    _rule("electrica", "CABLE ARCO", 6),
    _rule("electrica", "CABLE TOCA COSA_CERCA", 7),
    _rule("electrica", "AGARRO CABLE", 3, not_denied=True),
    _rule("electrica", "PERSONA SE_QUEMO CORRIENTE|CABLE", 6, unless="ELECTRODOMESTICO"),
    _rule("electrica", "ENERGIZADO", not_denied=True),
    _rule("electrica", "ACOMETIDA POR_TIERRA", 6),
    _rule("electrica", "PEGADO CABLE|CORRIENTE|POSTE", 5, unless="CON_DERECHO"),
    _rule("electrica", "RED_LUZ ELECTRICO CAIDO", 6, unless="LEJOS"),
    _rule("electrica", "POSTE POSTE_MAL", 7, unless="NOMENCLATURA"),
    _rule("electrica", "POSTE LADEADO ENCIMA|COSA", 9),
    _rule("electrica", "CORRIENTE DA_CORRIENTE", 4, unless="FACTURA", not_denied=True),
    _rule("electrica", "TRANSFORMADOR EXPLOTO|QUEMANDO|QUEMADO|HUMO|CANDELA|REVIENTA|INCENDIO|CAIDO", 8),
    _rule("electrica", "APARATO_LUZ HUMO|QUEMANDO|CANDELA|INCENDIO", 7, unless="ELECTRODOMESTICO"),
    _rule("electrica", "APARATO_LUZ HUELE|OLOR QUEMADO", 8),
    _rule("electrica", "CORTO CIRCUITO", 2),
    _rule("electrica", "CIRCUITO EXPLOTO|HUMO|QUEMANDO", 6),
    _rule("electrica", "ARBOL ENCIMA CABLE|POSTE", 8),
    _rule("agua", "AGUAS ENCHUFE MOJA", 8),
    _rule("fuego", "INCENDIO"),
    _rule("fuego", "CANDELA"),
    _rule("fuego", "EN LLAMAS", 1),
    _rule("fuego", "HUMO"),
    _rule("fuego", "QUEMANDO COSA|SE", 5, unless="ELECTRODOMESTICO COMIDA"),
    _rule("fuego", "HUELE|OLOR QUEMADO", 5),
    _rule("agua", "INUND"),
    _rule("agua", "TUBO MATRIZ TUBO_MAL|AGUA|FUGA", 9),
    _rule("agua", "SOCAVON"),
    _rule("agua", "ABRIO HUECO_CALLE", 5),
    _rule("vida", "GRIETA COSA", 7),
    _rule("agua", "HUNDIO SUELO", 6),
    _rule("agua", "SIN TAPA", 3, unless="OTRA_TAPA"),
    _rule("agua", "POZO_HONDO DESTAPADA", 5),
    _rule("agua_mala", "AGUAS CONTAMINADA", 6),
    _rule("agua_mala", "AGUAS ENFERMO AGUA_USO", 16),
    _rule("agua_mala", "AGUAS DUELE|FEO BARRIGA", 14),
    _rule("agua_mala", "ENFERMO POR_CAUSA AGUAS", 6),
    _rule("agua_mala", "AGUAS HUELE|OLOR|SABOR VENENO", 7),
    _rule("agua", "AGUAS NEGRAS DEVOLVIO CASA", 10),
    _rule("agua", "AGUAS NEGRAS CASA", 10, unless="AFUERA"),
    _rule("agua", "DESBORDO POZO_HONDO CASA", 7, unless="AFUERA"),
    _rule("agua", "MIERDA DEVOLVIO", 6),
    _rule("agua", "CRECIDA ENTRA CASA", 8, unless="AFUERA"),
    _rule("agua", "AGUAS CUERPO", 7),
    _rule("vida", "AUXILIO"),
    _rule("vida", "PERSONA CAYO HUECO", 9),
    _rule("vida", "HERIDO", not_denied=True),
    _rule("vida", "MUERE", unless="MUERE_DICHO"),
    _rule("vida", "MATAR ALGUIEN", 3),
    _rule("vida", "ATRAPADO", unless="DEUDA"),
    _rule("vida", "NO_PUEDE RESPIRA", 3),
    _rule("vida", "VITAL LUZ", 20, unless="AVISO"),
    _rule("vida", "DERRUMBE"),
    _rule("vida", "PARED SE_CAE", 6),
    _rule("vida", "BOMBEROS", unless="TASA"),
    _rule("vida", "PELIGRO PELIGRO_DE", 4),
    _rule("vida", "HAY PELIGRO", 3, not_denied=True),
    # likely: in doubt, danger
    _rule("gas", "OLOR RARO|FEO", 4, unless="MALA_FUENTE AGUA YA_PUESTO"),
    _rule("gas", "HUELE RARO|FEO", 4, unless="MALA_FUENTE AGUA YA_PUESTO"),
    _rule("gas", "HUELE|OLOR PODRIDO", 5, unless="MALA_FUENTE AGUA YA_PUESTO"),
    _rule("gas", "VALVULA_GAS ROTO", 5, unless="AGUA"),
    _rule("gas", "FUGA_SOLA", unless="AGUA AGUA_ABIERTA TUBERIA CARRO LEJOS FACTURA YA_PUESTO", unless_reported=True),
    _rule("electrica", "EXPLOTO LUZ", 12),
    _rule("fuego", "EXPLOTO", unless="AGUA TUBERIA FACTURA"),
    _rule("vida", "EMERGENCIA", unless="OTRA_EMERGENCIA", not_denied=True),
)

#: A message made of nothing but these words, with one that cries for help, is danger too.
CRY = frozenset("urgente urgencia peligro auxilio sos emergencia".split())
CRY_BESIDE = frozenset(
    "por favor es muy ya rapido hola buenas senor senora necesito hay que estoy en una un me de pronto alguien ayuda ayudenme ayudeme".split()
)

#: Phrases that survive lost or misplaced spaces; compared by sound in the whole message without its spaces.
JOINED: tuple[tuple[str, str], ...] = (
    ("huele a gas", "gas"),
    ("huelo a gas", "gas"),
    ("huele gas", "gas"),
    ("ole a gas", "gas"),
    ("ule a gas", "gas"),
    ("sale gas por", "gas"),
    ("olor a gas", "gas"),
    ("olor de gas", "gas"),
    ("fuga de gas", "gas"),
    ("escape de gas", "gas"),
    ("huevo podrido", "gas"),
    ("cable caido", "electrica"),
    ("cable pelado", "electrica"),
    ("echando chispas", "electrica"),
    ("se electrocuto", "electrica"),
    ("poste caido", "electrica"),
    ("se esta inundando", "agua"),
    ("se esta quemando", "fuego"),
    ("hay un incendio", "fuego"),
    ("llama amarilla", "monoxido"),
)
