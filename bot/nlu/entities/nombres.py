"""Words of names: given names of Colombia, small words inside names, and words that stand where a name could."""

from __future__ import annotations

#: Small words inside a name.
SMALL = frozenset("de del la las los y san santa da dos".split())

#: What people say of themselves or of others after "soy", "habla", "el señor", and that is no name.
NOT_A_NAME = frozenset(
    "coma punto "
    "a abogada abogado abuela abuelo administrador administradora adulto al alcalde alguien anoche anos apoderado"
    " aqui arrendador arrendataria arrendatario atencion ayer barrio buenas cabeza camion cc cedula celular"
    " cliente colombiana colombiano comerciante como con cuenta de del desde desplazado discapacitado doctor"
    " doctora don dona duena dueno el ella ellas ellos empleada empleado empresa en encargada encargado era es"
    " escribe escribo esposa esposo esta este estoy estrato factura favor fiel gente gerente gracias habitante"
    " hace hermana hermano hija hijo hola hoy identificada identificado ingeniero inquilina inquilino jefe joven"
    " juez junta la las le les lider lideresa llamo lo los madre mama marido mayor mayordomo mi mis mujer muy"
    " nadie necesito no nos nosotros nueva nuevo nunca otra otro padre papa para pensionado pero pobre por porque"
    " presidenta presidente presidentes profesor profesora propietaria propietario que quien quiere quiero"
    " residente robot sector seno senor senora senorita si siempre sola solo su sumamente suscriptor tambien tan"
    " tecnica tecnico telefono tendero tengo tercera tia tio titular toda todo todos un una uno usted ustedes"
    " usuaria usuario vecina vecino venezolana venezolano vereda victima vieja viejo vivo vocal y ya yo".split()
)

#: Given names, folded.
GIVEN = frozenset(
    "adriana alberto alejandra alejandro alfonso alfredo alvaro ana andrea andres angel angela antonio armando"
    " arturo beatriz blanca brayan bryan camila camilo carlos carmen carolina cecilia cesar christian claudia"
    " consuelo cristian dairo daniel daniela dario david diana diego dora duber duvan edgar edilberto edison"
    " eduardo edwin eider elena eliana elias elizabeth elkin elvia emerson emilia emiliano enrique erika esperanza"
    " esteban estela esther eugenia fabian fabiola fanny federico felipe fernando ferney fidel flor francia"
    " francisco francy freddy fredy gabriel genaro genoveva german gilberto giovanni gloria gonzalo graciela"
    " guillermo gustavo harold hector henry heriberto hernan hernando higinio hilda hugo humberto ignacio ines"
    " ingrid irma isaac isabel isabela isabella ivan jacqueline jaime jairo janet janeth javier jefferson jenny"
    " jesica jessica jesus jhon jimena joaquin johana john jonathan jorge jose josefa josefina juan julia juliana"
    " julio karen karol katerin katherine kevin lady laura leidy leonardo leonor liliana lina lizardo lizeth"
    " lorena lorenzo lourdes lucia lucy luis luisa luisfer luz magdalena maira manuel manuela marcela marcos"
    " margarita maria mariana maribel maricela mariela marina mario marisol marlen marlene marlon marta martha"
    " maryuri mateo mauricio mayerly melissa mercedes mery miguel milena milton mireya miriam moises monica nancy"
    " natalia nataly nayibe nelly nelson nicol nicolas nidia nohora nora norma nubia nuris octavio olga olivia"
    " omaira omar orfa oriana orlando oscar osvaldo ovidio pablo paola patricia patricio paula pedro piedad pilar"
    " rafael ramiro raquel raul reinaldo reinel rene ricardo roberto robinson rocio rodolfo rodrigo rogelio ronald"
    " rosa rosalba rosario ruben ruth salvador samanta samuel sandra santiago sara saul sebastian sergio silvia"
    " silvio simon sofia sonia stella susana tatiana teresa tomas tulio ulises uriel valentina vanessa veronica"
    " vicente victor viky vilma virginia viviana wilfredo william wilmar wilmer wilson ximena yadira yamile"
    " yamileth yaneth yeison yenifer yenny yesid yessica yohana yolanda yoli yolima yuliana yuliet yurany yuri"
    " yurley zoraida zulma".split()
)

#: Given names that are also words, saints or months: alone they are no person.
ALSO_WORDS = frozenset(
    "luz esperanza rosa carmen gloria victoria mercedes pilar rocio flor blanca consuelo jesus angel julio cesar santiago"
    " piedad rosario salvador esther mar estrella olivia magdalena dora lina abril domingo segundo javier sebastian"
    " simon tomas mateo isabel lucia ines francia fidel virginia margarita guillermo socorro milagros antonio".split()
)
