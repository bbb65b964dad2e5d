"""The vocabulary of danger and the rules that join its words; read together with the fixed texts of §7.6.

A concept is a set of ways to say one thing, compared by sound; ``*`` at the end makes a word a stem. A rule speaks
when one word of each of its groups stands within a window of words, and none of its ``unless`` concepts appears.
Rules are tried in order: first what is certain, then what is only likely. In doubt the answer is danger.
"""

from __future__ import annotations

CONCEPTS: dict[str, str] = {
    # smell
    "HUELE": "oele juele weleagas hulea smell smells cheiro huele huelen huelo huela oler oliendo hule uele ule ole hele huelle guele olia huelia olio huelemos hiede"
    " jiede yede apesta apestando jedion hediondo hediondez huelr huel uelo ueloa olemos huelee",
    "OLOR": "olor olores olorcito olores oolor ollor olorsito holor tufo hedor olorr",
    "RARO": "dulce dulzon picante raro rara raros raras extraño extraña extrano extrana desconocido sospechoso quimico quimicos",
    "FEO": "feo fea feos maluco maluca horrible horribles fuerte fuertes fuertisimo insoportable asqueroso mal malo"
    " malos penetrante",
    "PODRIDO": "podrido podridos podrida podridas potrido podrio danado danados dañado",
    "HUEVO": "cebolla huevo huevos guevo guevos webo webos huebo uevo",
    "QUEMADO": "quemado quemada quemados chamuscado chamuscada quemao caucho plastico",
    "MALA_FUENTE": "sumidero letrina basura basuras basurero caño canos cano sifon sifones baño bano perro perros humedad pintura comida"
    " perfume marihuana mariguana alcantarilla alcantarillado mortecino estiercol rio quebrada relleno caneca"
    " contenedor lixiviado lixiviados marrano marranos pollo galpon cloro",
    # gas
    "GAS": "metano glp ga ajas gass propano butano gas gaz gass agas algas algaz dgas degas elgas jas gases agaz gaas gsa gaslp",
    "FUGA": "emanacion emanaciones emana emanando fua leak leaking ezcape concentracion fuga fugas fuja fugandose escape escapes escapando escapandose escapa excape eskape fugando fugaz fugua",
    "BOTA": "bota botando boto saliendo saliendose regando regandose filtrando filtrandose derramando soltando tirando"
    " expulsando silbando pitando soplando filtra riega",
    "SALE": "sale salio",
    "SE": "se",
    "LLENO": "lleno llena llenos llenando lleno inundada",
    "VALVULA": "regulador perilla valvula valvulas balbula registro regulador manguera mangera llave medidor contador",
    "VALVULA_GAS": "valvula valvulas balbula valbula",
    "CILINDRO": "pipeta pipetas cilindro cilindros bombona pipa garrafa",
    "ROTO": "solto soltaron soltado desprendio desprendido zafo zafada zafado broke broken burst roto rota rotos rompio rompieron partio partida partido reventado revento reventada suelta suelto"
    " quebrada quebro floja explotado estallo rompimos rompi romper",
    "SUENA": "chiflido chiflando silbido zumbido soplido friendo suena sonando silba silbando pita pitando sopla soplando",
    # carbon monoxide
    "SINTOMA": "morado morada morados borracho intoxicando intoxicarnos desmayados mareao mareaos mariaos mariados sofocado sofocada desvanecida desvanecido mareo mareos mareado mareada mareados mareadas marea mareamos mariado mariada nausea nauseas vomito"
    " vomitos vomitando vomita vomitar desmayo desmayado desmayada desmaye desmayamos asfixia asfixiando"
    " asfixiado somnolencia intoxicado intoxicados intoxicada intoxicacion intoxicamos ahogo dormido"
    " dormida dormidos inconsciente sueno",
    "DUELE": "duele dolor dolores duelen doliendo due",
    "CABEZA": "cabeza cabesa caveza",
    "APARATO": "calefactor fogones brasas planta hornilla plancha cocineta calentador calentadores estufa estufas gas horno chimenea generador brasero carbon calefon fogon ducha",
    "LLAMA": "llama llamas flama flamas llamita",
    "AMARILLA": "amarilla amarillas amarillo naranja naranjada roja anaranjada",
    "MONOXIDO": "monoxido monosido monoxid",
    # electricity
    "CABLE": "conductor alambron cable cables cableado cuerda cuerdas alambre alambres alanbre cabel cble cablr cabl cabble csble canle",
    "RED_LUZ": "linea lineas red redes tension cuerda conductor conductores",
    "ELECTRICO": "media primario primaria secundaria 13200 electrica electrico electricas electricos energia luz tension alta corriente voltaje",
    "CAIDO": "regado regados regada desparramados pasto prado partio reventaron tumbo tumbaron charco potrero barro arrastrando caido caida caidos caidas caio cayo callo cae caer cayendo callendo cayeron calleron tirado tirada"
    " tirados suelto suelta sueltos pelado pelada pelados pelao colgando guindando guindado descolgado"
    " descolgada descolgo reventado reventados revento rotos roto rompio rompieron arrancado arrancaron"
    " arranco piso suelo tierra vivo vivos descubierto descubiertos viva vivas",
    "CHISPA": "centella centellas fogonazo fogonazos sparks spark candelilla chisp* xispa xispas chizpa chizpas chipas chispas",
    "POSTE": "poste postes pote postesito torre posye posre",
    "POSTE_MAL": "derribado derribo derribaron desplomarse desplomado estrellado recostado recostada recosto partiendo viniendo suelo piso ardiendo caido cayo callo cayendo callendo caer caerse cae partido tumbado tumbo tumbaron chocado choco"
    " chocaron estrello estrellaron quebrado humo candela ladeando quemando tambaleando tambalea "
    " desplomo",
    "LADEADO": "vencido vencida recostado inclinado ladeado torcido doblado",
    "ELECTROCUT": "selectrocuto electrocut* eletrocut* elecrocut* electrocuto corrientazo corrientaso correntazo electrisado"
    " electrizado electrocutado",
    "CORRIENTE": "corriente corrientes corrient coriente calambre calambrazo",
    "DA_CORRIENTE": "tumbo sacudio cogio coge coje cojio paso pasa pasando dio da dando agarro agarra mato mata pego pega prendio"
    " pasandome",
    "TRANSFORMADOR": "tranfo transformer subestacion trasfo transformador transformadores trasformador tranformador transfo",
    "EXPLOTO": "exploded explosion explotaron estallando exploto explota explotando explotar explosion explocion estallo estallido estalla estallando trono"
    " totio reventon esploto esplosion explotado explotaron explote",
    "REVIENTA": "revento reventado reventando revienta",
    "APARATO_LUZ": "subestacion gabinete cableado toma contador contadores medidor medidores toma tomas tomacorriente tomacorrientes breaker breakers taco"
    " tacos enchufe enchufes tablero caja cajas breker brequer totalizador interruptor lampara luminaria poste cable"
    " cables transformador instalacion",
    "ENCHUFE": "breker brequer toma tomas tomacorriente tomacorrientes enchufe enchufes breaker breakers tacos tablero",
    "CIRCUITO": "kortosircuito circuito sircuito cortocircuito cortosircuito",
    "CORTO": "kortosircuito corto cortos cortocircuito cortosircuito",
    "ARBOL": "arbol arboles rama ramas palo tronco",
    "ENCIMA": "cayo callo caido cayeron caida cayendo",
    # fire
    "INCENDIO": "incendi* insendi* incendio incendios incendiando incendiandose incendian",
    "CANDELA": "candela fuego fogata candelada llamarada llamaradas candelero",
    "EN": "en",
    "LLAMAS": "llamarada llamas yamas",
    "QUEMANDO": "quemando quemandose quema queman prendiendose prendio prendiendo ardiendo derritiendo derritiendose",
    "HUMO": "humeando humea humo humareda humito umo humaredas humos",
    "HAY": "salen echan sueltan botan veo vemos hay sale saliendo salio echa echando bota botando mucho lleno llena puro prendio prende",
    "COSA": "casa apartamento edificio techo local bodega estufa nevera cuarto cocina carro arbol monte lote sala negocio"
    " planta subestacion colchon cortina finca",
    "ELECTRODOMESTICO": "bajon bajonazo bajonazos bombillo bombillos bombilla electrodomestico electrodomesticos aparatos voltaje bajones nevera"
    " televisor tv",
    # water
    "INUND": "flooding flooded inundasion inund* hinund* enund* innund* anegad* anegando anegandose inundo unundando inudando innundando inudado",
    "TUBO": "ducto pipe tubo tubos tuberia tuveria linea caño red conduccion aduccion",
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
    "CASA": "vivienda viviendas rancho ranchos pasillo ducha poceta cama camas colchones sotano pieza banos casa casas sala cuarto cuartos cocina pieza piezas local negocio apartamento patio baño bano alcoba"
    " habitacion sotano tienda garaje adentro dentro sifon sifones inodoro sanitario regadera lavamanos",
    "ENTRA": "entra entrando entro entrandose entrado mete metiendo metio metiendose metido metieron devolviendo"
    " devuelve devolvio devolvieron devolviendose saliendo brotando brota",
    "AFUERA": "frente afuera calle anden esquina",
    "CRECIDA": "arroyo cloaca estero laguna poceta alcantarilla caño cano quebrada rio lluvia aguacero desborde creciente canal colector manjol aguas agua",
    "CUERPO": "cintura rodilla rodillas cuello pecho tobillo tobillos hombros",
    "MOJA": "moja mojando mojo mojado mojados cae cayendo cayo chorrea llega llegando llego entra entrando metiendo",
    # bad water
    "ENFERMO": "vomitan vomito vomitaron enfermo enferma enfermos enfermas enfermaron enfermando enfermamos enfermado vomito vomitos"
    " vomitando diarrea diarreas intoxicado intoxicados intoxicada intoxicamos intoxicacion soltura"
    " rasquiña rasquina roncha ronchas brote brotes fiebre hospital cagadera churrias ardio quemo irrito"
    " irritacion alergia piel",
    "BARRIGA": "estomago barriga estomacal panza",
    "AGUA_USO": "rara bane banamos tomar tomamos tomaron tomo tomarnos tomando beber bebimos bebio sale sucia turbia amarilla cafe llave"
    " mala color olor huele contaminada bañarnos bañamos bañarse sabor raro chocolate verde tomarse consumir toma",
    "CONTAMINADA": "contaminaron contamino contaminada contaminado contaminando envenenada envenenado envenenaron veneno toxica toxico",
    "VENENO": "tinner plomo gasolina acpm petroleo quimico quimicos veneno podrido podrida mortecino muerto mierda popo negras"
    " insecticida pesticida thinner combustible raro extraño extraña rara aceite",
    # risk to life
    "AUXILIO": "auxilio ausilio auxillo auxiliooo auxlio socorro zocorro",
    "HERIDO": "convulsiono sangrando accidentada convulsiona herido herida heridos heridas accidentado inconsciente inconciente convulsionando",
    "MUERE": "muriendo muere morirme matarme",
    "MUERE_DICHO": "pequenito azul bateria celular wifi senal llamita vi plazo acuerdo convenio credito ganas amor calor sed hambre risa rabia pena frio susto cobro factura aburrimiento recibo",
    "ATRAPADO": "ahoga ahogan atrapado atrapada atrapados atrapadas ahogando ahogandose ahogo sepultado electrocutado",
    "DEUDA": "risa pena deuda deudas plata intereses recibo factura cuotas colgado",
    "RESPIRA": "respira respirar respirando respiramos",
    "NO_PUEDE": "no",
    "PERSONA": "pelado pelada pelados ninita hermana hermano hermanita nieto nieta esposo esposa ciclista moto tio tia suegra marido operario biejo viejo vieja cuñado compadre carajito trabajador trabajadores obreros chiquito niño nino niña nina niños ninos señora senora señor senor persona alguien hombre mujer abuelo abuela"
    " vecino vecina muchacho joven bebe mama papa hijo hija trabajador obrero",
    "CAYO": "cayo callo cae caer cayendo fue hundio resbalo metio caido caida",
    "HUECO": "hueco alcantarilla pozo manjol caño cano zanja canal sumidero recamara",
    "VITAL": "dializa traqueostomia oxigeno respirador dialisis concentrador ventilador nebulizador uci oxijeno osigeno",
    "LUZ": "luz energia corriente electricidad apagon",
    "DERRUMBE": "desplomo deslizandose derrumbe derrumbando derrumbandose derrumbo avalancha deslizamiento deslizando colapso desplomo"
    " desplomando deslizamientos",
    "EMERGENCIA": "emergency emergencia emergensia emergenzia emerjencia emergencias emergensias",
    # what speaks against
    "BROTA": "llegando llego regando sale salen saliendo brota brotan brotando chorros chorro rebosa devolviendo devuelve devuelven devolvio sube",
    "ENTERRADO": "enterrado enterrada enterrados encerrado encerrada sepultado sepultada",
    "LINEAS": "linia linias linea lineas",
    "TENDIDO": "tendido tendida tendidos atravesado atravesada baja",
    "MENDADO": "arreglaron arreglo repararon reparo cerraron cerro apagaron apago controlaron levantaron recogieron taparon solucionaron soluciono retiraron paso atendieron atendio cambiaron",
    "SIGUE": "pero sigue siguen sigo seguimos volvio volvieron otra nuevamente todavia aun aunque mentira mentiras vengan manden ahora ayuda ayudenme ayudeme corran rapido quedo quedaron mal",
    "FALSA": "falsa",
    "ALARMA": "alarma",
    "FELICITA": "medalla merece merecen aplaude aplauden aplaudo aplausos aplauso brindo homenaje felicit* felisit* congratulaciones",
    "ANTES": "pasado pasada enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre meses anos",
    "COBRO": "reclamo indemnizacion indemnicen paguen pagan pagaron",
    "FIGURADO": "rabia ira furia risa jaja jajaja jajaj jajajaja jeje jejeje chiste cancion video partido bailamos gata gato vela pelicula novela serie publicidad bolsillo presupuesto mofle exosto liquido",
    "TEMA": "alquilo arriendo busco curso cursos brigada tarea manual plan seguro cotizacion extintor extintores detector detectores vende venden venta vendo compro prevencion dibujo pronostico certificado receta simulacro charla cartilla cartillas capacitacion capacitaciones subsidio transporte vivienda demografica volcan presos talentos cerebros fecha sociales primeros oxigenada calificar encuesta",
    "ESTACION": "estacion lado certificado voluntario cuerpo frente",
    "PREGUNTA": "saben listo quien cual averigueme averigue imperceptible avisar interna",
    "ENGANCHE": "directo directa derecho contador pirata gancho denuncio invasion barrio motor detras yelo tienda vecino taller",
    "SOBRE": "sobre encima",
    "MENOS": "menos",
    "DENUNCIA": "denuncio denuncia vendelas venden kilo chatarra",
    "NOCHES": "noches rio curtiembre",
    "BAJO": "debajo",
    "GENTE": "gente familias ninos ancianos",
    "TECHOS": "techos techo",
    "COBRO_SOLO": "cobro factura recibo",
    "VIVIR": "vivir",
    "QUIERO": "quiero",
    "CUOTA_CITA": "cuota cita sita acuerdo flota carretera via turno",
    "ANTICIPO": "semana habra alistarnos saber adelante avisos tiempo",
    "BRAVA": "brava bravo dura fuerte terrible",
    "HABLA": "habla mueve levanta responde",
    "NEGADO": "nadie sin ningun ninguna",
    "GASERO": "manguera regulador pipeta pipetas cilindro cilindros bombona",
    "AIRE": "aire",
    "TOXICO": "veneno muerto muertos petroleo quimicos cianuro",
    "LADERA": "montana cerro penasco loma barranco talud ladera",
    "CORTOCIRCUITO": "cortocircuito cortosircuito kortosircuito",
    "PRENDIDA": "prendida prendido abierta abierto",
    "BEBIO": "bebieron bebimos bebio tomamos tomaron",
    "SOLTAR": "soltar soltarlo soltarla despegar despegarlo suelta",
    "MANDEN": "manden mande",
    "AMBULANCIA": "ambulancia ambulansia",
    "AHORA": "ahora pero otra volvio volvieron mentira",
    "ROJO": "rojo",
    "VINIENDO": "desgajo desgajando desprendio desprendiendo viniendo deslizando cayendo",
    "FAMILIA": "mama papa esposo esposa hijo hija abuelo abuela suegra suegro hermano hermana hermanita nieto nieta bebe nino nina vecina vecino senora",
    "RESPONDE": "responde contesta",
    "MANGUERA": "manguera mangera",
    "ESTUFA": "estufa fogon horno calentador",
    "HACER": "sospecho sospechamos hacer sentimos siento",
    "SUICIDIO": "suicid* suisid*",
    "CONECTADO": "conectado conectada depende pegado pegada vive",
    "MAQUINA": "maquina maquinas aparato aparatos equipo ventilador bala",
    "DERECHO": "derecho derechos ley pueden podran",
    "ABRIENDO": "agrietando rajando",
    "TAPADO": "tapado tapada tapiado aplastado",
    "TIERRA": "tierra lodo derrumbe",
    "OBRERO": "obrero obreros trabajador trabajadores operario senor nino muchacho hijo alguien",
    "INFARTO": "infarto preinfarto",
    "LLAMAR": "llamen llame llamar manden mande necesito necesitamos vengan urgente avisen traigan rapido corran",
    "DICTADO": "vuela suele zuele",
    "REACCIONA": "reacciona despierta despertar desperta respira sentido despertarse rrespira",
    "INCONSCIENTE": "convulsiono tieso tiesa privado privada desmayado desmayada inconsciente inconciente convulsionando temblando convulsiona palido",
    "DESCARGA": "descarga descargas corrientazo",
    "TOCO": "tocar tocando metio toco cogio agarro agarra tocaron",
    "METAL": "reja baranda lamina nevera lavadora pared paredes ducha cerca carcasa barraje puerta tubo grifo llave tablero",
    "PATEA": "patea sacude sacudio tumba tumbo",
    "LOCOMOCION": "nadando bañando banando bañarse jugando pasando",
    "AHOGA": "ahoga ahogan ahogando ahogandose",
    "MUERTO": "muerto muerta muertos ahogado",
    "TANQUE": "tanque bocatoma",
    "ENFERMO_POR": "enfermo enfermos enfermando enfermamos enfermaron",
    "SE_FUE": "fue ido irse caer caerse cayo cayeron hundo voy",
    "QUIEN": "niño nino niña nina señor señora muchacho muchacha abuelo biejo viejo ciclista moto carajito pelao hijo hija persona carro",
    "LINEA_GAS": "amarillo amarilla",
    "PIERNA": "rodilla rodillas cintura tobillo tobillos pies camas colchones",
    "FACTURA": "nubes dineral costoso costosa bolsillo valor factura facturas recibo recibos cobro cobraron cobran cobrando caro cara caros carisimo carisima cuanto"
    " cuesta vale valor precio pagar pague pago tarifa subsidio deuda debo",
    "CARRO": "carro carros moto motos bus mofle gato perro",
    "AGUA": "agua aguas acueducto chorro goteo gotera goteras inodoro sanitario lavamanos lavaplatos tanque"
    " alberca regadera cisterna humedad charco charcos encharca encharcado",
    "TUBERIA": "tubo tubos tuberia anden calle via contador medidor llave grifo manguera macromedidor cajilla cajita",
    "YA_PUESTO": "queja reclamo radicado puse peticion interna revisar revision era solicitud",
    "LEJOS": "hdmi usb cargador audifonos internet wifi television tv celular claro movistar tigo",
    "SABOR": "sabe sabor saben sabia",
    "PEGADO": "pegado pegada pegados pego",
    "ABRIO": "abrio abriendo abre hundio trago",
    "GRIETA": "grieta grietas agrieta agrietando agrieto rajando rajo",
    "HUECO_CALLE": "hueco huecos crater boquete hoyo tierra piso",
    "ACOMETIDA": "acometida acometidas",
    "POR_TIERRA": "caido caida caidos caidas cayo callo cayendo tirado tirada colgando guindando descolgada suelo piso"
    " chispas",
    "AVISO": "avisar avisen avisame aviseme avisarme avisos aviso digan notifiquen recibir antes inscribir",
    "COMIDA": "mariscos pescado camarones limon ceviche empanadas arepas lentejas frijol tinto leche tamales arroz comida sopa cena almuerzo tostada tostadas olla frijoles carne",
    "NOMENCLATURA": "nomenclatura letrero senal aviso publicidad",
    "OTRA_EMERGENCIA": "confirmar confirma confirme horario correo subsidio fondo declaratoria ingreso economica sanitaria",
    "DEVOLVIO": "devolviendose devolviendo devuelve devolvio devolvieron devolviendose metieron metiendo metio mete entrando entra"
    " entro subiendo",
    "CON_DERECHO": "clandestina clandestino ilegal ilegales robando fraude contrabando pirata",
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
    "MIERDA": "porqueria pudricion cagajon cacas mierda popo excremento excrementos heces caca",
    "PARED": "talud pared paredes muro techo columna",
    "SE_CAE": "viniendo tumbando caer cae cayendo cayo caerse derrumbar",
    "FUGA_SOLA": "fuga fugas fuja fugua escape escapes excape eskape",
    "MATAR": "matar mata mate",
    "ALGUIEN": "alguien nino ninos niña persona gente",
    "DEBIL": "debil debiles debilidad",
    "SIENTO": "siento sentimos siente sienten sentia",
    "ABAJO": "abajo",
    "ABRIENDO_SE": "abriendo abriendose",
    "ROBA": "roba roban robando robandose hurta hurtan hurtando",
    "ENCIMA_DE": "encima",
    "AYER": "ayer anoche antier anteayer antenoche domingo lunes martes miercoles jueves viernes sabado",
    "DESPUES_DE_TODO": "limpian limpiar limpieza limpien recogen recoger escombros cenizas informe indemnizacion compensacion",
    "TRAMITE": "recibir aplicaron gobierno transporte escolar economico funerario beneficio educativo repetido doble pagina clave contrasena aplicacion app codigo tramite formulario menu entiendo entender encuentro usuario correo chat",
    "NO_BEBIDA": "limpia devolver devolvernos devolverle privar privarse suspender suspendan suspendieron cortar corten cortaron corte",
    "MALESTAR": "indispuesto indispuesta indispuestos",
    "ANIMAL": "perro perra gato gata perrito gatito loro gallinas canario",
    "ESTRUENDO": "bum boom pum estruendo hirviendo",
    "RIO": "quebrada rio arroyo",
    "ENCARAMADO": "encaramado encaramados encaramaos trepado trepados montados montaos",
    "TAPO": "tapo tapando aplasto sepulto",
    "VIVIENDA": "casa apartamento apto vivienda rancho bodega local edificio tienda negocio",
    "ENCENDIDO": "prendido prendida prendidos prendidas",
    "BATERIA": "bateria baterias pila",
    "QUITAR": "quitarme quitarse quito quita",
    "VIDA": "vida",
    "TOMO_YO": "tomo tomarme tomarse tome tomaria",
    "VENENO_DE_CASA": "veneno raticida racumin fosforina",
    "CUBIERTA": "cubierta",
    "SUMERGIDO": "sumergido sumergidos sumergida sumergidas sumergirse",
    "RESPONDIERON": "respondieron contestaron pagaron reconocieron devolvieron resolvieron",
    "COMERCIO": "vende venden venta vendo vender compro comprar alquilo arriendo vendieron cambiar",
    "URGENTE": "urgente urgencia ayudeme auxilio",
    "SALTA": "salta saltan salto saltaron dispara",
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
        "pero pelando acuerda acuerdas aprendio arroja concuerda demorada demorado demorados enreda enredan grandecita picapasto tierras chispero explosivo explosivos carro carros estafa estafas estarla estarlas estrella estrellas nieto nieta abonada abonado adiccion ahorrando alegre alegria alergica aportes aposta apostando apuesta aranado "
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
