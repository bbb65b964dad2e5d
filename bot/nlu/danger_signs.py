"""Signs of danger beside its names: who is there, what befalls them, where; and signs that it is over or only spoken of.

People in danger tell what they see and feel ("lo cogió la nevera y quedó tieso"). So these concepts are broad (a
person, a body that fails, a weapon, a pit) and a rule joins one of a person with one of harm. Most of its rules are
``loose``: the learnt table has to find the message likely too.
"""

from __future__ import annotations

from bot.nlu.danger_rule import Rule
from bot.nlu.danger_rule import rule as _rule

#: New concepts, and further words of those in ``danger_words``.
SIGNS: dict[str, str] = {
    # people
    "GENTE_TODA": "reciclador recicladores fontanero guarda tripulante recicladora primos pareja don dona res vaca burra caballo pelado pelada pelados pelao pelaos pelaito ninita hermana hermano hermanita hermanito nieto nieta nietos esposo esposa"
    " tio tia suegra suegro marido mujer operario operarios viejo vieja viejito viejita cunado cunada compadre comadre"
    " carajito trabajador trabajadores obrero obreros chiquito chiquita nino nina ninos ninas senora senor senores senoras persona"
    " personas alguien hombre mujer hombres mujeres abuelo abuela abuelito abuelita vecino vecina vecinos vecinas"
    " muchacho muchacha muchachos joven jovencito bebe bebes mama papa papas padre madre hijo hija hijos hijas sobrino sobrina"
    " primo prima familia familias alumno alumna alumnos estudiante estudiantes profe profesora profesor vigilante celador"
    " portero tendero inquilino inquilina enfermera paciente anciano anciana ancianos policia policias soldado bombero ciclista"
    " motociclista motorizado conductor chofer peaton peatones tecnico tecnicos cuadrilla liniero lector contratista"
    " companero companera companeros ayudante muchachito muchachita culicagado sardino chino chinos chinito parcero man"
    " tipo ladron habitante indigente recien nona nono nonna taita finado cristiano patron jornalero muchachos gemelos"
    " son daughter mother father child kids baby woman crianca criancas mae pai",
    "OFICIO": "operario operarios obrero obreros trabajador trabajadores tecnico tecnicos cuadrilla liniero lector contratista"
    " funcionario funcionarios companero companeros ayudante electricista plomero lectores",
    # what befalls a body
    "MAL_CUERPO": "prenso prensado prensada pecho desangro quemado quemada cadaver azules picado mordio pico bulto muerta muerto reses tieso tiesa morado morada inconsciente inconciente desmayo desmayado desmayada desmaye desplomo desplomado"
    " sangra sangre sangrando ensangrentado convulsiona convulsionando convulsiono flotando boquea"
    " boqueando agoniza agonizando descalabro descalabrado apachurro aplasto aplastado atropello atropellaron"
    " atropellado sepultado sepulto asfixia asfixiando ahorcando ahorco degollo fracturo hinchado hincharon ampollas"
    " calcinado chamuscado palido palida privado privada electrocutado quemaduras moribundo moribunda fainted"
    " unconscious dizzy bleeding drowning trapped achicharrado achicharro achicharraron fulmino"
    " fulminado fulminaron",
    "FALLA": "levantan senales vivo vivos despierta despiertan desperto despertar despertarla despertarlo mueve mueven respira respiran reacciona"
    " reaccionan suelta soltaba soltar pulso vuelve responden",
    "SIENTO": "duermen durmio adormecida adormecidos adormecido",
    "SINTOMA": "trasbocar trasboco trasbocando fainted dizzy headache tonta tontos atontado atontada atontados aturdido embotados embotado abombada sonsos zonzo bobos",
    "REACCIONA": "despiertan reaccionan respiran desperto volviendo vuelven",
    "ENFERMO": "vomite gusanos colico colicos churria currutaca retorcijones retorcijon hinchada hincharon hincho ampollas ampolla sarpullido vomitaron cursos maluquera malito malita malitos"
    " sick deshidratado deshidratada deshidratados ardor hepatitis",
    "PARTE": "cuerpo estomago brazo boca lengua labios cara ojos garganta piel manos",
    "LE_HACE": "broto brotaron dano quema quemo durmio duerme hincho hincharon pela pelo arde ardio irrita irrito despelleja",
    # who threatens
    "ARMA": "dinamita metralleta garrote pistola pistolas revolver arma armas armado armados machete machetes cuchillo punal punales escopeta fusil"
    " balazo balazos disparo disparos disparando disparan disparar tiroteo bala balas tiros plomo pedrada granada peinilla navaja changon trabuco",
    "AMENAZA_A": "esperando encerro afuera encontramos pego pegaron amenazo amenazan amenazaron amenazado amenazada amenazados amenazando apuntan apunta apuntando apunto encanono encanonaron secuestro secuestraron"
    " secuestrados retenido retenidos retuvieron rehen rehenes correteando persiguen saco sacaron trae traen",
    "ATROPELLADO": "atropello atropellaron atropellado atropellada",
    "ACABA": "acaba acabo acaban ahorita orita",
    "MUERE": "morimos",
    "NIDO": "nido nidos panal colmena avispero pajaro pajaros pericos",
    "VENENO": "fungicida herbicida matamaleza",
    "TOXICO": "fungicida herbicida",
    "COMIDA": "aguardiente cerveza cervezas tequila whisky",
    "CRUJE_YA": "cruje crujen crujiendo traquea traquean traqueando desmorona desmoronando",
    "AFUERA_LEJOS": "conjunto club parque",
    "TUMBA_A": "tumba marea ahoga asfixia pica desmaya",
    "BAJON": "bajon bajones bajonazo bajonazos voltaje",
    "PISO": "piso pisos",
    "DESPERTAR": "despertar despertarme",
    "ARREGLADA": "corregida reconectar reconexion felicito felicita",
    "DIOS": "dios diosito virgen jesus bendito",
    "COBRE": "cobre robando",
    "DESCALABRO": "cabeza",
    "SE_ABRIO": "abrio rompio partio",
    "NEFASTO": "cocinar cocino estufa calentador",
    "PATEA_A": "patea",
    "DOBLE": "doble nublado nublada borroso",
    "PISCINA": "piscina laguna rio quebrada mar",
    "VEHICULO": "camion camioneta buseta bus tractor taxi carro moto volqueta",
    "HIPOTESIS": "obligatorio cubre",
    "SI": "si",
    "PONEN": "ponen echan agregan",
    "LINCHAR": "petardo secuestraron secuestrado secuestrados secuestro machetazo machetazos cuchillada punalada apedreando apedrean apedrearon dispararon baleando balacera linchar lincha linchando linchan linchen apunalaron apunalo apunalado acuchillaron acribillaron balearon baleado degollar machetearon machetiaron",
    # where one falls, and how
    "HOYO": "escombros lodo alud pared rio tanque aljibe pozo pozos hueco huecos zanja canal cano cisterna represa alberca laguna septico sumidero"
    " alcantarilla manjol manhole camara recamara excavacion brecha bocatoma compuerta boqueron ducto jagüey jaguey"
    " embalse reservorio alcantarillado piscina estanque rejilla foso barranco",
    "CAE_EN": "metieron quedaron quedo bajaron bajo metio cayo cayeron callo fue fueron cae caer hundio resbalo boto lanzo tiro cayendo caido caida desplomo trago rodo",
    "CAE_DE": "cayo callo caer cayeron vino",
    "NO_SALE": "sale salen salir subir suben oye contesta encontramos aparece",
    # current, light and fire as they are seen and felt
    "SACUDE": "subio patadas tiro lanzo boto sacudio sacude empujo patea pateo avento cosquilleo cosquillea hormigueo hormiguea coge cogio jalonazo tumba tumbo"
    " templo templa brinca quema",
    "TOCA_YO": "toque toco toca tocas tocar tocando toquen agarre agarro cogi rozar roce roza abrir abro bano",
    "COSA_VIVA": "valla nevera lavadora reja ducha llave pared grifo puerta baranda estufa computador poste alambre cerca tubo lavaplatos ventana"
    " olla tablero regadera lavadero malla",
    "LUCES": "luces lucecitas candelitas candelita candelillas lamparazos rayitos rayos relampagos llamitas llamaradas chorros bolas fogonazos resplandor",
    "AZUL": "azul azules verdes moradas brillante blancas",
    "CHISPA": "centellea centelleando chispitas chisperio chispazo chispazos relampaguea faiscas faisca",
    "ALTO_COSA": "torre transformador poste andamio escalera tejado",
    "CABLE": "fase live power wire fio fios alambrado guaya guayas cuerdita cablecito",
    "ABRIO": "hizo",
    "CAIDO": "over hanging caerse ground caidos volando meciendo bailando brincando culebreando rastrando descolgo descolgaron zafo solto soltaron arrastro mojado",
    "TOCA": "pegandole pegando rozando recostado recostada apoyado enredado enredada montado",
    "COGIO_LLAMA": "cogio agarro coge agarra echo alzo levanto",
    "LLAMAS": "llama llamas llamarada llamaradas flames",
    "CANDELA": "candelada chamizo candelo incendea",
    "CALIENTE": "caliente hirviendo quemando ardiendo derretido derritio derritiendo",
    "TRANSFORMADOR": "trasfor tranformer trasfos trafo trafos",
    "EXPLOTO": "bombazo totazo estallaron estallido detono detonacion",
    "HUMO": "humarada humaredon humero smoke fumaca fumaça",
    # gas
    "GAS": "gasnatural gasdomiciliario",
    "OLOR": "tufo odorante hediondez",
    "OYE": "oye oyen oigo escucha escuchan escucho siente siento sentimos",
    "SE_ESCAPA": "va sale salir salirse saliendo escapa escapar escapando fuga bota para vota",
    "SUENA": "burbujea burbujas burbujeando fss fsss fssss fffff psss pssss shhh ssss sssss shhhh chis sopla soplando silva silvando zumba chilla pitido pitidos siseo sisea bufando bufa pitazo",
    "ABIERTA": "dando olvidaron corrida abrieron abrio",
    "FOGON": "estufa horno hornilla hornillas fogon fogones quemador quemadores calentador calentadores anafe cocineta asador",
    "FUEGO_NO": "fuego llama prender apagada apagado apagadas",
    "APARATO": "anafe parrilla asado lena motobomba heater stove hornillas motor barbacoa carbones fogata secadora planta asador barbecue caldera sahumerio",
    "ENCERRADO": "adentro dentro cerrada cerrado encerrados pieza cuarto apartamento garaje carpa bano alcoba",
    "TUBO_GAS": "tubito tuberia manguerita mangerita tubo manguera linea",
    # water, ground and walls
    "SUBIENDO": "subiendo creciendo aumentando trepando entrando metiendo entra metio llena llenando llenado sube arrastra arrastrando",
    "ENSERES": "comedor interruptor poceta camas cama colchones colchon mesa sofa nevera escaleras escalera escalones escalon ventana ventanas muebles techo tomas enchufes cuna sillas tobillo tobillos rodilla rodillas cintura",
    "SUBIDO": "subido subida subidos subidas trepado trepados trepada encaramado encaramados montados montado parados",
    "MUEBLE": "comedor mesa mesas techo techos cama camas nevera camarote zarzo arbol platano tejado terraza escaparate meson",
    "ALUMBRADO": "alumbrado lampara lamparas bombillo bombillos titila titilan parpadea bajita bajitas publica",
    "TRAGO": "trago tragando trago traga comio",
    "MURO": "pared paredes muro muros columna columnas viga vigas tanque placa plancha techo edificio casa talud barranco cerro ladera montana puente tierra",
    "CRUJE": "cruje crujen crujiendo traquea traquean traqueando abomba abombando abombo pandea pandeando rajo rajando ladea ladeando desmorona desmoronando derrumba desgaja desploma"
    " inclino inclinando cuartea cuarteando cuarteo crujido crujidos desgajo",
    "CAE_AHORA": "cae caen cayendo viniendo vino caer caerse venir",
    "POZO_HONDO": "camara registro tapa",
    "CAMARA": "camara camaras recamara caja pozo manhole",
    "ALCANTARA": "alcantarillado alcantarilla aguas inspeccion drenaje",
    "ABIERTO_HUECO": "abierta abierto destapada destapado destapadas open descubierta",
    # machines that keep somebody alive
    "MAQUINA_VIDA": "incubadora pulmones respirar oxigeno respirador concentrador ventilador cpap bipap aspirador nebulizador oxigenito dialisis traqueostomia succionador",
    "SIN_LUZ": "apago apagaron bateria pila raya carga lus apagada apagado apagaron apago",
    # ways of dying by one's own hand
    "PASTILLAS": "balcon escopeta racumin pastillas pastas frasco azotea veneno raticida venas puente tiro horca lazo sobredosis",
    "DESPEDIDA": "trague tirar compre matarse aguanto acabar colgarme ahorcarme tirarme lanzarme cortarme desaparecer morirme matarme pegarme",
    "AMBULANCIA": "ambulancias paramedicos paramedico",
    # over, spoken of, errands
    "HACE": "hace",
    "TIEMPO": "2019 2020 2021 2022 2023 2024 2025 rato ano anos mes meses semana semanas dias",
    "ENTONCES": "pasado pasada enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre anteriormente aquella antepasado navidad cuando vez",
    "DILIGENCIA": "citan documentos perdi queremos copia informe indemnizacion indemnizan compensacion reclamo reclamar reclamacion cobro cobraron cobrar cobran pagan paga pagaron pago pagaria seguro poliza"
    " conectan reconexion reconectan reconecten reconectar proceso certificado cuanto quien acta soporte devolucion cambien factura recibo orden audiencia demanda podan revision revisen respuesta",
    "PRESENTE": "hoy ahora ahorita orita sigue siguen sigo seguimos volvio volvieron esta estan ta estoy estamos hay ay ai huele uele guele huelo hueles oliendo sale salen saliendo echa"
    " echando botando manden vengan corran ayuda auxilio desde nadie acaba acaban quedo quedaron",
    "REPARADO": "arregle arreglo arreglamos arreglaron repararon reparo apagaron controlaron levantaron recogieron taparon solucionaron retiraron cambiaron"
    " quitaron revisaron atendieron atendida atendido solucionado controlado controlada revisado cerraron paso",
    "GRACIAS": "gracias agradecerles agradecer agradecida agradecido agradecidos bendiga bendiciones",
    "VINO": "venir vinieron vino atendernos atenderme arreglar salvarnos salvarme atendieron llegar rapidez prontitud ayudarnos labor",
    "TEMA": "sone sonaba sueno poliza volante tesis estadisticas afiche trabajar vacante cartelera exposicion feria examen video tutorial norma reglamento monografia cuento poema requisitos inscribirme inscribir ensayo evacuacion descuento",
    "FIGURADO": "taquilla trato paciencia infierno pelicula telenovela salsa piropo bromeando mamando gallo",
    "DINERO": "finanzas plata deuda deudas cuota cuotas intereses interes recibo recibos factura facturas tarifa tarifas cobro cobros precio precios saldo"
    " presupuesto bolsillo plazo acuerdo subsidio mora reajuste aumento caro cara carisimo sueldo quincena arriendo",
    "RUTINA": "grado noticiero sensores multa cartilla cartillas distancia curso volante ley capacitacion trabajar simulacro taller charla prevencion norma poliza",
    "FEO_FUERA": "botadero relleno recicladores basurero bolsas moscas shut zancudos marranera",
    "CHISPERO": "chispero",
    "CALOR": "calor",
    "HUMO_AJENO": "buses exosto fabrica ladrillera",
    "ANTENA": "antena parabolica",
    "MALA_FUENTE": "botadero recicladores bolsas moscas shut marranera gallinazos fritanga fabrica curtiembre humedad mojado trapo zapatos refrigerador nevera lonchera alcantarillas caños pescado",
}

#: Two neighbours that make one concept, compared by sound.
SIGN_PAIRS: dict[str, str] = {
    "TUBO_AMARILLO": "tubito amarillo|tubitos amarillos|tubos amarillos|tuberias amarillas|mangueras amarillas|manguerita amarilla|tuvo amarillo",
    "SINTOMA": "dando vueltas|da vueltas|siento piernas|las piernas",
    "MATAR_LO": "en pedazos|en pedacitos|lo mato|los mato|la mato|los matan|lo matan|los matamos|lo matamos|voy matar|vamos matar|van matar|quieren matar|quiere matar|los quemamos|los queman|lo queman",
    "CON_LUZ": "tiene electricidad|con luz|con corriente|tiene luz|tiene corriente|con energia",
    "COGE_LUZ": "la luz|la corriente",
    "SE_ENFERMO": "puso malo|puso mala|pusieron malos|puso maluco|puso grave|puso malito|pusieron malitos",
    "SIN_VIDA": "echa espuma|echando espuma|sin respirar|sin pulso|sin vida|sin conocimiento|sin aire",
    "POR_TRAGO": "se trago|se comio",
    "VIVIR": "seguir viviendo",
    "MATARSE": "este mundo|me desangro|salimos vivos|sale vivo|salen vivos",
    "MUERE_YA": "se muere|se nos|nos morimos|se murio|se mueren|se ahoga|se ahogan|se asfixia|se desangra",
    "NOS_QUEMA": "estamos quemando|estoy quemando|nos quemamos",
    "A_MACHETE": "echando bala|echan bala|dando bala|dieron bala|echando plomo|echando tiros|a machete|a plomo|a tiros|a cuchillo|a machetazos|a balazos|a piedras",
    "SIGUE": "otra vez|ahora mismo|ya mismo",
    "NIEGA_TODO": "todo bien|falsa alarma|estamos bien|todos bien|esta bien",
    "UN_DIA": "un dia|alguna vez|en caso",
    "ES_MALO": "es malo|es peligroso|es bueno|es verdad",
    "OTRA_NOCHE": "otra noche|otro dia|aquella noche|aquel dia",
    "LO_CAMBIARON": "lo cambiaron|la cambiaron|lo arreglaron|la arreglaron|lo recogieron|lo taparon|lo quitaron|ya pusieron",
    "YA_TODO": "todo quedo|quedo solucionado|quedo bien|quedo atendida",
    "NO_HUBO": "no hubo|no sale",
    "QUE_SI": "quien responde|que dice|que pasa|cuanto cobran|me rebajan|cuanto vale|es obligatorio",
    "HACE_RATO": "hace rato|hace poco|hace un|hace media|hace diez|hace cinco|hace dos",
}

#: Rules over the signs; they stand after what is certain.
SIGN_RULES: tuple[Rule, ...] = (
    _rule("gas", "OLOR|HUELE TUMBA_A", 5, unless="MALA_FUENTE", loose=True),
    _rule("gas", "OYE GAS SE_ESCAPA", 6, unless="FACTURA", loose=True),
    _rule("gas", "SUENA TUBO_GAS|CILINDRO FOGON|GAS|CILINDRO", 8, unless="FACTURA AGUA AGUAS", loose=True),
    _rule("gas", "GAS ABIERTA", 3, unless="FACTURA PREGUNTA", not_denied=True, loose=True),
    _rule("gas", "FOGON ABIERTA OLOR|HUELE|FUEGO_NO|CASA|GENTE_TODA", 14, unless="FACTURA", loose=True),
    _rule("gas", "GAS SALE SINTOMA", 10, unless="FACTURA", loose=True),
    _rule("gas", "CILINDRO ENTRA|BOTA|SUENA|ROTO|SE_ESCAPA", 6, unless="FACTURA COMERCIO", loose=True),
    _rule("monoxido", "APARATO SINTOMA|MAL_CUERPO", 20, unless="FACTURA", loose=True),
    _rule("monoxido", "APARATO NO FALLA|REACCIONA", 20, unless="FACTURA AGUA", loose=True),
    _rule("monoxido", "DOBLE NEFASTO", 6, loose=True),
    _rule("electrica", "COSA_VIVA|SUELO CON_LUZ|PATEA_A", 5, unless="FACTURA", loose=True),
    _rule("electrica", "TOCA_YO COSA_VIVA SACUDE|COGE_LUZ", 9, unless="FACTURA", loose=True),
    _rule("electrica", "LUCES AZUL CABLE|TRANSFORMADOR|POSTE|APARATO_LUZ", 8, loose=True),
    _rule("electrica", "TRANSFORMADOR|CABLE|POSTE|APARATO_LUZ LUCES", 4, unless="ALUMBRADO", loose=True),
    _rule("electrica", "COSA_VIVA CON_LUZ", 7, unless="FACTURA", loose=True),
    _rule(
        "electrica",
        "GENTE_TODA ALTO_COSA|CABLE|CORRIENTE|APARATO_LUZ MAL_CUERPO|FALLA|INCONSCIENTE",
        14,
        unless="FACTURA",
        loose=True,
    ),
    _rule(
        "electrica",
        "CABLE|RED_LUZ TOCA|ENCIMA_DE COSA_CERCA|COSA|VEHICULO|GENTE_TODA",
        9,
        unless="LEJOS FACTURA",
        loose=True,
    ),
    _rule("electrica", "TOCA_YO COSA_VIVA MUERTO|MUERE_YA|INCONSCIENTE", 10, unless="FACTURA", loose=True),
    _rule(
        "electrica",
        "GENTE_TODA SE_QUEMO TRANSFORMADOR|CABLE|APARATO_LUZ|COBRE|CORRIENTE",
        12,
        unless="FACTURA",
        loose=True,
    ),
    _rule("fuego", "NOS_QUEMA", loose=True),
    _rule("fuego", "EXPLOTO CILINDRO|GAS|TANQUE|FOGON", 4, unless="FACTURA", loose=True),
    _rule("fuego", "COGIO_LLAMA LLAMAS|CANDELA", 2, not_denied=True, loose=True),
    _rule("agua", "AGUAS|CRECIDA SUBIENDO ENSERES|SUBIDO", 10, unless="FACTURA", not_denied=True, loose=True),
    _rule("agua", "AGUAS|CRECIDA SUBIENDO GENTE_TODA CASA", 12, unless="FACTURA", not_denied=True, loose=True),
    _rule("agua", "AGUAS NO_PUEDE NO_SALE SUBIENDO", 9, unless="FACTURA", loose=True),
    _rule("agua", "CASA|SUELO PISCINA", 4, unless="FACTURA AFUERA_LEJOS TUBO", loose=True),
    _rule("agua", "AGUAS ENSERES NO_PUEDE|SUBIENDO|TAPADO", 9, unless="FACTURA", loose=True),
    _rule("agua", "SE_FUE PISO AGUAS", 9, unless="FACTURA", loose=True),
    _rule("agua", "SUBIDO MUEBLE", 4, unless="FACTURA", loose=True),
    _rule("agua", "SUELO|HUECO TRAGO", 3, unless="FACTURA", loose=True),
    _rule("agua", "CAMARA ALCANTARA ABIERTO_HUECO", 6, not_denied=True, loose=True),
    _rule("agua", "POZO_HONDO ABIERTO_HUECO", 4, not_denied=True, loose=True),
    _rule("vida", "MURO CRUJE_YA", 5),
    _rule("vida", "MURO CRUJE", 7, unless="FACTURA", loose=True),
    _rule("vida", "MURO CAE_AHORA GENTE_TODA|ENCIMA|ENCIMA_DE|CASA", 8, unless="FACTURA", loose=True),
    _rule("agua_mala", "AGUAS PARTE LE_HACE|SIENTO", 12, unless="FACTURA", loose=True),
    _rule("agua_mala", "AGUAS ENFERMO|SE_ENFERMO|MAL_CUERPO GENTE_TODA|BARRIGA", 16, unless="FACTURA NO", loose=True),
    _rule("vida", "ARMA AMENAZA_A", 6, unless="FACTURA FIGURADO", always=True),
    _rule("vida", "LINCHAR", always=True),
    _rule("vida", "ATROPELLADO", unless="ENTONCES HACE ANIMAL", always=True),
    _rule("vida", "DIOS MUERE|AUXILIO|MUERE_YA|MANDEN|AMBULANCIA", 6, unless="DINERO", always=True),
    _rule("vida", "A_MACHETE", always=True),
    _rule("vida", "MATAR_LO", unless="FACTURA MUERE_DICHO", loose=True),
    _rule("vida", "GENTE_TODA CAE_EN HOYO", 9, unless="FACTURA", loose=True),
    _rule("vida", "GENTE_TODA HOYO NO NO_SALE", 10, unless="FACTURA", loose=True),
    _rule("vida", "GENTE_TODA MAL_CUERPO|SIN_VIDA", 8, unless="FACTURA", not_denied=True, loose=True),
    _rule("vida", "GENTE_TODA SE_ABRIO DESCALABRO", 10, loose=True),
    _rule("vida", "GENTE_TODA BAJO POSTE|CABLE|VEHICULO", 6, unless="FACTURA", loose=True),
    _rule("vida", "NO QUIERO DESPERTAR", 3, always=True),
    _rule("vida", "GENTE_TODA NO FALLA", 9, unless="FACTURA", loose=True),
    _rule("vida", "GENTE_TODA|OFICIO CAE_DE ALTO_COSA", 4, unless="FACTURA LEJOS", loose=True),
    _rule("vida", "MAQUINA_VIDA LUZ|SIN_LUZ GENTE_TODA", 16, unless="AVISO ANTICIPO TEMA", loose=True),
    _rule("vida", "PASTILLAS DESPEDIDA", 9, always=True),
    _rule("vida", "MUERE_YA GENTE_TODA|NO_SALE|SIN_VIDA", 8, unless="FACTURA MUERE_DICHO", loose=True),
    _rule("vida", "AMBULANCIA", unless="FACTURA TEMA", loose=True, always=True),
)

#: Over, thanked for or only asked about.
SIGN_CALM: tuple[Rule, ...] = (
    _rule("", "HACE TIEMPO DILIGENCIA", 60, unless="PRESENTE"),
    _rule("", "ENTONCES DILIGENCIA", 60, unless="PRESENTE"),
    _rule("", "YA REPARADO", 2, unless="PRESENTE NO SIGUE"),
    _rule("", "UN_DIA|ES_MALO", unless="SIGUE HUELE"),
    _rule("", "YA_TODO|LO_CAMBIARON", unless="HUELE HAY NO"),
    _rule("", "OTRA_NOCHE VINO|REPARADO", 20, unless="PRESENTE"),
    _rule("", "NIEGA_TODO", unless="SIGUE HUELE HAY NO"),
    _rule("", "GRACIAS VINO", 8, unless="PRESENTE NO"),
    _rule("", "RUTINA HUMO|MONOXIDO|INCENDIO|EMERGENCIA|GAS|HUELE|OLOR|CABLE|POSTE", 12, unless="PRESENTE"),
    _rule("", "HIPOTESIS|QUE_SI SI", 12, unless="PRESENTE"),
    _rule("", "OLOR PONEN", 3, unless="PRESENTE"),
)
