"""Words of names: given names of Colombia, small words inside names, and words that stand where a name could."""

from __future__ import annotations

import re

#: Small words inside a name.
SMALL = frozenset("de del la las los y san santa da dos".split())

#: What people say of themselves or of others after "soy", "habla", "el señor", and that is no name.
NOT_A_NAME = frozenset(
    "a abogada abogado abuela abuelo aca administrador administradora adulto agosto agua ahi ahora al alcalde"
    " alcaldia alcantarillado alguien algun alguna alla anoche anos apoderado app aquel aqui armenia arrendador"
    " arrendataria arrendatario aseo asesor asesora atencion atendio ayer bancolombia barranquilla barrio basura"
    " bien bogota bucaramanga buena buenas bueno buenos cabeza cada caja cali camion cansada cansado cartagena"
    " cartera cc cedente cedula celular chat claro cliente colombia colombiana colombiano colombianos coma"
    " comerciante como con contesta contesto contrato correo cualquier cucuta cuenta daviplata de defensoria del"
    " desde desplazado dian dias dice diciembre dijeron dijo direccion discapacitado disculpe doctor doctora"
    " don dona duena dueno edad efecty el ella ellas ellos empleada empleado empresa empresas en encargada"
    " encargado enel energia enero epm era es esa escribe escribo ese eso esposa esposo esta estaba este estoy"
    " estrato estudiante ey factura facturas familia favor febrero fiel fiscalia fue fueron gas gente gerente"
    " gobernacion gracias habitante hace hermana hermano hija hijo hizo hola hoy ibague identificada identificado"
    " ingeniero inquilina inquilino internet jefe jehova joven jueves juez junio junta la las le les lider"
    " lideresa llama llamaba llamo lo los lunes madre mal mama manana manizales marido martes marzo mas mayo"
    " mayor mayordomo me medellin medidor menos mi miercoles mire mis molesta molestando molesto monteria movistar"
    " mujer murio muy nadie navidad necesita necesito neiva nequi ningun ninguna no noche noches nos nosotros"
    " noviembre nuestra nuestro nuestros nueva nuevo numero nunca octubre oficina oiga otra otras otravez otro"
    " otros oye padre paga pagina pago papa para pasto pensionada pensionado perdon pereira pero personas"
    " personeria pido pobre policia por porque pqr presenta presento presidenta presidente presidentes profesor"
    " profesora propietaria propietario pse puede pueden punto que queja quien quiere quiero recibo recibos"
    " reclamo reclamos residente riohacha robot sabado sabe santa sector sede semana seno senor senora senorita"
    " septiembre si siempre sincelejo sisben sola solicita solicito solo soy su sumamente superintendencia"
    " superservicios sus suscriptor tal tambien tan tarde tardes te tecnica tecnico telefono telegram temprano"
    " tendero tengo tenia tercera testigo tia tiene tigo tio titular toda todo todos tu tunja turno un una unas"
    " uno unos usted ustedes usuaria usuario usuarios va valledupar van vanti vea vecina vecino vecinos venezolana"
    " venezolano venezuela vereda victima vieja viejo viene viernes villavicencio vinieron vino virgen vive vivia"
    " vivo vocal vocera vocero web whatsapp y ya yo yopal".split()
)

#: Given names, folded.
GIVEN = frozenset(
    "rubiela clodomiro harrison petrona temistocles milciades aracely rosalia eufemia cielo robinson nabor segismundo cupertino marino digna deimer wilfran joaquina romelio abel abelardo abigail abril adalberto adelaida adolfo adriana agustin aida alba albeiro alberto aleida"
    " alejandra alejandro alexander alexandra alexis alfonso alfredo alicia alirio alonso alvaro alvin"
    " amalia amanda amelia amparo ana anabel andrea andres angel angela angelica angelina angie anibal anselmo"
    " antonia antonio apolinar ariel aristides arley armando armida arnold arnulfo arturo astrid augusto aura"
    " aureliano aurelio azucena baltazar barbara bartolo beatris beatriz belarmino belen benjamin bernarda"
    " bernardo berta bertha beto betty bibiana blanca boris brayan briggitte brigitte bryan camila camilo"
    " candelaria carlos carmela carmelo carmen carmenza carol carolina catalina catherine cecilia celia celina"
    " celmira celso cesar christian chucho clara claudia clemencia clementina clotilde concepcion constanza"
    " consuelo cristian cristina cristobal dagoberto dahiana dairo dalia damaris daniel daniela danilo danna dario"
    " darwin david dayana dayanna debora deicy deisy delia deyanira diana diego dilan dolores domingo dora doralba"
    " doris duber dulce duvan dylan edelmira edgar edilberto edilma edilson edinson edison edith eduardo edwin"
    " efrain eider eladio elber eleazar elena eliana elias eliecer elisa elizabet elizabeth elkin eloisa elsa"
    " elver elvia elvira emanuel emerita emerson emilce emilia emiliano emilio emma enrique erika ernestina"
    " ernesto esneider esperanza esteban estefania estefany estela esther eugenia eulalia eusebio eva evangelina"
    " evaristo evelio evelyn everardo ezequiel faber fabian fabio fabiola fanny fanor fany faride fatima favio"
    " federico federman feliciano felipe felisa felix fermin fernando ferney fidel filomena flavio flor floralba"
    " florencia florentino francia francisco francy freddy fredy fredys froilan gabriel gabriela genaro genoveva"
    " georgina geraldine gerardo german gerson gilberto gildardo gilma giovanni gisela giselle gladis gladys"
    " gloria gonzalo graciela gregorio griselda guadalupe guillermo guiomar gustavo harold hector heidy helena"
    " heliodoro henry heriberto hermelinda hermes hermilda herminia hernan hernando higinio hilario hilda honorio"
    " horacio hortensia hugo humberto idalia idaly ignacio ilda iliana imelda indira ines ingrid irene iris irma"
    " isaac isabel isabela isabella isauro isidro israel italo ivan ivonne jacinta jacinto jackeline jacob"
    " jacqueline jaime jair jairo janer janet janeth javier jazmin jeferson jefferson jeison jenifer jenny"
    " jeremias jeronimo jesica jesika jessica jesus jhon jhonatan jhonny jimena joan joana joaquin joel johan"
    " johana johanna john johnny jon jonatan jonathan jorge jose josefa josefina josue juan juanita julia juliana"
    " juliet julieta julio karen karina karol katerin katerine katherine katya keila kelly kenia kevin lady laura"
    " laureano lazaro leandro leda leidy leila leonardo leonel leonela leonidas leonor leopoldo lesly leticia"
    " libardo libia lida ligia lilia liliana lina lisandro lizardo lizeth lorena lorenza lorenzo lourdes lucas"
    " lucho lucia luciano lucila lucrecia lucy ludivia luis luisa luisana luisfer luz luzmila lyda mabel magaly"
    " magdalena magnolia magola maira mallerly manuel manuela marcela marcelino marcelo marco marcos margarita"
    " margot maria mariana marianela mariano maribel maribell maricel maricela mariela marilu mariluz marina"
    " marinela mario marisol maritza marlen marlene marlon marta martha maryuri mateo matilde mauricio maximiliano"
    " mayerly mayra melania melba melida melissa mercedes mercedez merly mery micaela michael michell miguel"
    " miguelina milagros milena milton mireya miriam misael moises moncho monica monserrat myriam nadia nancy"
    " nando natalia nataly nayeli nayibe neftali nelcy nelly nelson nelsy nereida nestor neyla nicanor nicol"
    " nicolas nicolasa nidia nieves noemi nohora nora norberto norelis norma normando nubia nubiola nuris obdulia"
    " octavio odilia ofelia olegario olga oliverio olivia omaira omar oneida orfa orfelina orfilia oriana orlando"
    " orlinda oscar osvaldo otilia otoniel ovidio pablo pacho paco palmira paola pascual pastora patricia patricio"
    " paula paulina paulino pedro pepe perla petrona piedad pilar policarpo polidoro porfirio priscila quique"
    " rafael rafaela ramiro ramon ramona raquel raul rebeca regina reinaldo reinel remedios renata rene ricardo"
    " rigoberto rita roberta roberto robinson rocio rodolfo rodrigo rogelia rogelio roman romelia romulo ronald"
    " roque rosa rosalba rosana rosario rosaura rosmery rosmira roxana ruben rufina ruth sabina salvador samanta"
    " samir samira samuel sandra santiago sara saray saul sebastian sebastiana segundo selene serafin sergio"
    " sigifredo silvia silvio simon sixta socorro sofia soledad sonia stefania stefany stella stiven susana"
    " tatiana teofilo teresa teresita tiberio tilcia tito tobias tomas trinidad tulio ubaldo ulises uriel"
    " valentina valeria valerio vanessa veronica vianey vicente victor viky vilma virginia viviana vladimir walter"
    " wendy wilber wilder wilfredo william willian wilman wilmar wilmer wilson wilton ximena yadira yamid yamile"
    " yamileth yaneth yaqueline yasmin yefferson yeimi yeimy yeison yelitza yenifer yenny yerson yesenia yesid"
    " yessica yhon yiceth yimmy yineth yohan yohana yolanda yoli yolima yoselin yudi yudy yulian yuliana yuliet"
    " yulieth yulis yurani yurany yuri yurley zenaida zoraida zulma zunilda".split()
)

#: Given names that are also words, saints or months: alone they are no person.
ALSO_WORDS = frozenset(
    "cielo digna marino norma normando lady linda celia celina custodia mina abril alba alexandra alicia amparo angel angelica antonio augusto aura azucena barbara belen bernardo beto"
    " blanca candelaria carmen carol catalina cesar clara clemencia concepcion constanza consuelo cristina"
    " cristobal dalia dolores domingo dora dulce elisa emma esperanza esther estrella eva fatima felix fidel flor"
    " florencia francia gloria gregorio guadalupe guillermo ines iris isabel isidro israel javier jeronimo jesus"
    " julio lazaro leticia lina lucas lucia luz magdalena magnolia mar marco margarita mateo memo mercedes"
    " milagros nena nieves olivia pacho palmira pascual paz perla piedad pilar ramon regina remedios rocio roman"
    " roque rosa rosario salvador santiago sebastian segundo simon socorro sol soledad tito tomas trinidad"
    " victoria virginia".split()
)

#: Endings of the given names that Colombia makes, and of nothing else: "Yineth", "Esneider", "Leidy", "Jefferson".
MADE = re.compile(
    r"[a-z]{1,8}(?:eth|ith|eidy|eidi|eydi|leydy|enny|anny|inny|onny|eider|eyder|aider|einer|eyner|ainer|ilson|erson|irson|elson|"
    r"isney|urley|irley|arley|erley|ferney|iver|ibeth|stiven|steven|ianny|enifer)"
)
_MADE_WORDS = frozenset({"person", "with", "granny", "leider", "salander"})


def is_given(word: str) -> bool:
    """Whether a folded ``word`` is a given name, known or made like one."""
    return word in GIVEN or (MADE.fullmatch(word) is not None and word not in _MADE_WORDS)
