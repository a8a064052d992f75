"""What the invented communes of the demonstration want to do, and what holds them back."""

from __future__ import annotations

from dataclasses import dataclass

from preau.resources.enums import BlockageKind as B
from preau.resources.enums import Theme as T


@dataclass(frozen=True)
class Story:
    """A project as a commune tells it.

    Attributes:
        budget: thousands of euros.
        blocked: what holds it back, and in which way.
        advice: what a service of the State answered to it: title and reason.
        steps: what is to be done, the first ones first.
        result: what came of it, once closed, with one figure: label, unit, before, after.
    """

    name: str
    themes: tuple[T, ...]
    purpose: str
    budget: int
    blocked: tuple[B, str]
    advice: tuple[str, str]
    steps: tuple[str, ...]
    result: tuple[str, str, str, int, int]


STORIES = (
    Story("Rénovation énergétique de l’école élémentaire", (T.ENERGIE, T.EDUCATION),
          "Les classes passent de 15 °C en janvier à 31 °C en juin, et la facture de gaz a doublé.",
          780, (B.FINANCEMENT, "Il manque un tiers du plan de financement"),
          ("Déposer un dossier au titre du Fonds vert", "Votre bâtiment scolaire et le gain visé"
           " de 40 % entrent dans l’axe « rénovation des bâtiments publics »."),
          ("Faire l’audit énergétique", "Choisir un maître d’œuvre", "Délibérer sur le plan"
           " de financement"),
          ("Les travaux ont tenu dans deux étés.", "Énergie consommée", "MWh par an", 142, 79)),
    Story("Maison de santé pluriprofessionnelle", (T.SANTE,),
          "Notre dernier médecin part à la retraite dans dix-huit mois.", 1450,
          (B.PARTENAIRES, "Aucun médecin ne s’est encore engagé"),
          ("Bâtir le projet de santé avec l’agence régionale de santé", "Les maisons qui ouvrent"
           " sont celles dont l’équipe existe avant les murs."),
          ("Réunir les infirmières et le pharmacien", "Écrire le projet de santé",
           "Choisir le terrain"),
          ("Trois médecins et deux infirmières exercent sur place.", "Habitants avec un médecin"
           " traitant à moins de 15 minutes", "habitants", 900, 4100)),
    Story("Réouverture du dernier commerce du village", (T.CENTRE_VILLE, T.SERVICES_PUBLICS),
          "L’épicerie a fermé ; il faut onze kilomètres pour acheter du pain.", 260,
          (B.FONCIER, "Le propriétaire des murs ne veut pas vendre"),
          ("Étudier le portage par l’établissement public foncier", "Il peut acheter pour votre"
           " compte et vous revendre dans cinq ans."),
          ("Rencontrer le propriétaire", "Chercher un exploitant", "Fixer le loyer"),
          ("L’épicerie a ouvert avec un relais postal.", "Clients", "par semaine", 0, 310)),
    Story("Halle couverte pour le marché et les fêtes", (T.CENTRE_VILLE, T.AMENAGEMENT),
          "Le marché se vide dès qu’il pleut et le comité des fêtes loue un chapiteau.", 540,
          (B.REGLEMENTAIRE, "La place est aux abords d’un monument historique"),
          ("Rencontrer l’architecte des bâtiments de France avant l’esquisse", "Un premier avis"
           " donné tôt évite de redessiner le projet."),
          ("Faire lever le plan de la place", "Lancer l’esquisse", "Consulter les commerçants"),
          ("Le marché est passé de neuf à seize bancs.", "Bancs au marché", "bancs", 9, 16)),
    Story("Voie verte jusqu’à la gare", (T.MOBILITES,),
          "Quatre kilomètres séparent le bourg de la gare, sans trottoir.", 1900,
          (B.FONCIER, "Deux propriétaires refusent de céder leur bande de terrain"),
          ("Échanger des parcelles avec l’appui de la SAFER", "La commune possède deux parcelles"
           " agricoles voisines qui peuvent être échangées."),
          ("Arrêter le tracé", "Rencontrer les propriétaires", "Compter les passages"),
          ("La voie est ouverte sur toute sa longueur.", "Passages à vélo", "par jour", 12, 164)),
    Story("Tiers-lieu dans l’ancienne poste", (T.TIERS_LIEUX, T.NUMERIQUE),
          "Le bâtiment est vide depuis six ans ; douze personnes télétravaillent chez elles.", 320,
          (B.GOUVERNANCE, "Personne ne sait qui fera vivre le lieu"),
          ("Rencontrer l’équipe d’un tiers-lieu voisin", "Son association partage ses statuts, son"
           " budget et ses erreurs."),
          ("Enquêter auprès des habitants", "Créer l’association", "Visiter deux lieux"),
          ("L’association compte 74 adhérents.", "Occupation des bureaux", "%", 0, 61)),
    Story("Atlas de la biodiversité communale", (T.EAU_BIODIVERSITE,),
          "Nous révisons le plan local d’urbanisme sans connaître nos zones humides.", 48,
          (B.INGENIERIE, "Aucun naturaliste dans nos services"),
          ("Confier l’inventaire au conservatoire d’espaces naturels", "Il connaît déjà la vallée"
           " et forme des bénévoles."),
          ("Choisir le partenaire", "Former les bénévoles", "Publier la carte"),
          ("L’atlas est annexé au plan local d’urbanisme.", "Espèces", "espèces", 0, 812)),
    Story("Cuisine centrale et produits locaux à la cantine", (T.ALIMENTATION, T.EDUCATION),
          "Trois écoles reçoivent des repas livrés de cent vingt kilomètres.", 890,
          (B.PARTENAIRES, "Les producteurs ne savent pas livrer trois cents repas"),
          ("Rejoindre le projet alimentaire territorial", "Sa plateforme groupe les commandes de"
           " quatorze cuisines."),
          ("Compter les repas", "Rencontrer les producteurs", "Former les cuisiniers"),
          ("Les trois écoles sont servies.", "Produits locaux", "% des achats", 6, 44)),
    Story("Désimperméabilisation de la cour d’école", (T.EAU_BIODIVERSITE, T.EDUCATION),
          "La cour est une dalle de goudron, inondée à chaque orage.", 175,
          (B.FINANCEMENT, "L’aide de l’agence de l’eau est plafonnée"),
          ("Cumuler l’agence de l’eau et la DETR", "Les deux aides portent sur des dépenses"
           " différentes : le sol et les jeux."),
          ("Dessiner avec les élèves", "Sonder le sol", "Consulter les entreprises"),
          ("La cour absorbe un orage décennal.", "Sol perméable", "m²", 40, 1180)),
    Story("Réhabilitation de la friche textile", (T.AMENAGEMENT, T.ECONOMIE),
          "Deux hectares de bâtiments vides au milieu du bourg.", 4200,
          (B.REGLEMENTAIRE, "La pollution des sols n’est pas mesurée"),
          ("Demander un diagnostic des sols avant tout achat", "Le prix et l’usage possible en"
           " dépendent entièrement."),
          ("Réunir les anciens plans", "Faire le diagnostic", "Choisir les usages"),
          ("La première tranche est livrée.", "Emplois sur le site", "emplois", 0, 57)),
    Story("Navette du samedi vers le marché", (T.MOBILITES, T.SANTE),
          "Les personnes âgées des hameaux ne descendent plus au bourg.", 38,
          (B.REGLEMENTAIRE, "La commune n’a pas la compétence transport"),
          ("Demander une délégation à la communauté de communes", "La loi d’orientation des"
           " mobilités le permet par convention."),
          ("Compter les besoins", "Signer la convention", "Trouver le véhicule"),
          ("La navette roule chaque samedi.", "Passagers", "par samedi", 0, 23)),
    Story("Résidence pour personnes âgées près du bourg", (T.LOGEMENT, T.SANTE),
          "Des habitants quittent la commune faute de logement adapté.", 3100,
          (B.PARTENAIRES, "Le bailleur social hésite à venir"),
          ("Présenter l’étude de besoins à deux bailleurs", "Une attente mesurée vaut mieux qu’un"
           " terrain offert."),
          ("Faire l’étude de besoins", "Rencontrer les bailleurs", "Réserver le terrain"),
          ("Les dix-huit logements sont occupés.", "Logements adaptés", "logements", 0, 18)),
    Story("Chaufferie bois et réseau de chaleur", (T.ENERGIE,),
          "La mairie, l’école et la salle des fêtes ont trois chaudières au fioul.", 960,
          (B.INGENIERIE, "Nous ne savons pas dimensionner le réseau"),
          ("Faire étudier le réseau par l’agence locale de l’énergie", "Sa note d’opportunité est"
           " gratuite et demandée par les financeurs."),
          ("Réunir les factures", "Lire la note d’opportunité", "Décider du périmètre"),
          ("Le réseau chauffe sept bâtiments.", "Fioul consommé", "litres par an", 61000, 0)),
    Story("Médiathèque intercommunale", (T.CULTURE, T.EDUCATION),
          "Six bibliothèques de dix heures par semaine, sans fonds commun.", 1250,
          (B.GOUVERNANCE, "Les six communes ne s’accordent pas sur le lieu"),
          ("Comparer deux implantations par les temps de trajet", "Le débat se déplace de la"
           " mairie qui l’aura vers qui y viendra."),
          ("Réunir les bénévoles", "Comparer les lieux", "Voter la compétence"),
          ("Le réseau a une carte unique.", "Inscrits", "personnes", 640, 2150)),
    Story("Restauration de la fontaine et du lavoir", (T.CULTURE,),
          "Le lavoir de 1862 perd ses tuiles et les visites s’y arrêtent.", 74,
          (B.FINANCEMENT, "Le reste à charge dépasse nos moyens"),
          ("Ouvrir une souscription avec la Fondation du patrimoine", "Les dons déclenchent un"
           " abondement et font connaître le lavoir."),
          ("Faire chiffrer la couverture", "Ouvrir la souscription", "Choisir l’entreprise"),
          ("Le lavoir est restauré.", "Donateurs", "personnes", 0, 118)),
    Story("Terrain multisports ouvert à tous", (T.SPORT, T.EDUCATION),
          "Les jeunes jouent sur le parking de la salle des fêtes.", 130,
          (B.FONCIER, "Le terrain prévu est en zone inondable"),
          ("Choisir un équipement démontable", "Le plan de prévention l’admet en zone bleue, sans"
           " clôture pleine."),
          ("Réunir les jeunes", "Vérifier le plan de prévention", "Commander"),
          ("Le terrain sert tous les jours.", "Heures d’usage", "par semaine", 0, 39)),
    Story("Espace France services itinérant", (T.SERVICES_PUBLICS, T.NUMERIQUE),
          "Le premier guichet est à trente minutes, sans bus.", 165,
          (B.PARTENAIRES, "Il manque un lieu d’accueil dans deux communes"),
          ("Tenir la permanence dans une salle libre le mardi matin", "Deux salles proches sont"
           " libres à cette heure et accessibles."),
          ("Choisir les étapes", "Former les agents", "Signer avec les opérateurs"),
          ("Cinq communes sont desservies.", "Démarches faites", "par mois", 0, 210)),
    Story("Plan communal de sauvegarde et exercice", (T.RISQUES,),
          "La crue de l’an dernier nous a pris sans plan à jour.", 22,
          (B.INGENIERIE, "Le secrétariat n’a pas le temps de l’écrire"),
          ("Partir du modèle de la préfecture", "Il se remplit en deux demi-journées, avec notre"
           " appui le jour de l’exercice."),
          ("Désigner les équipes", "Écrire le plan", "Faire l’exercice"),
          ("L’exercice a réuni quarante personnes.", "Foyers prévenus par message", "%", 0, 86)),
    Story("Logements communaux dans l’ancien presbytère", (T.LOGEMENT, T.CULTURE),
          "Le presbytère est sain, vide et au centre du village.", 610,
          (B.FINANCEMENT, "Le loyer social n’équilibre pas l’opération"),
          ("Demander le conventionnement et un prêt long", "Avec le prêt à quarante ans,"
           " l’opération s’équilibre la neuvième année."),
          ("Faire le diagnostic", "Simuler les loyers", "Consulter un architecte"),
          ("Quatre familles y habitent.", "Logements loués", "logements", 0, 4)),
    Story("Maison des associations", (T.VIE_ASSOCIATIVE, T.TIERS_LIEUX),
          "Vingt-six associations se partagent deux salles et un cahier.", 420,
          (B.FONCIER, "Aucun local libre avant deux ans"),
          ("Utiliser les classes du collège le soir", "Trois salles y sont libres en semaine après"
           " dix-huit heures, à huit cents mètres."),
          ("Recenser les besoins", "Signer avec le collège", "Ouvrir l’agenda commun"),
          ("Les associations réservent en ligne.", "Heures d’activité", "par semaine", 46, 103)),
    Story("Parcours de découverte et refuge", (T.TOURISME, T.EAU_BIODIVERSITE),
          "Les randonneurs traversent la commune sans s’y arrêter.", 210,
          (B.PARTENAIRES, "Trois gestionnaires se partagent le sentier"),
          ("Signer une convention unique d’entretien", "Le parc naturel en tient un modèle prêt à"
           " signer."),
          ("Tracer le parcours", "Signer la convention", "Poser le balisage"),
          ("Le sentier est ouvert.", "Nuitées au refuge", "par an", 0, 1350)),
    Story("Ombrières solaires sur le parking", (T.ENERGIE,),
          "Le parking du gymnase est le plus grand sol nu de la commune.", 690,
          (B.REGLEMENTAIRE, "Le montage juridique avec un tiers nous échappe"),
          ("Comparer régie, concession et autoconsommation collective", "Le syndicat d’énergie a"
           " accompagné quatre communes cette année."),
          ("Mesurer la surface", "Comparer les montages", "Délibérer"),
          ("Les ombrières produisent.", "Électricité produite", "MWh par an", 0, 415)),
    Story("Crèche de vingt places", (T.EDUCATION, T.ECONOMIE),
          "Onze familles ont refusé un emploi faute de garde.", 1350,
          (B.FINANCEMENT, "Le fonctionnement n’est pas financé au-delà d’un an"),
          ("Signer une convention territoriale avec la CAF", "Elle engage une aide au"
           " fonctionnement sur quatre ans."),
          ("Mesurer la demande", "Signer avec la CAF", "Recruter la direction"),
          ("La crèche est pleine.", "Enfants accueillis", "enfants", 0, 27)),
    Story("Requalification de la zone commerciale nord", (T.CENTRE_VILLE, T.AMENAGEMENT),
          "Des boîtes et du goudron, un quart des surfaces vides.", 9800,
          (B.GOUVERNANCE, "Onze propriétaires, aucun interlocuteur commun"),
          ("Constituer une association foncière urbaine", "Les propriétaires y décident à la"
           " majorité, la commune avec eux."),
          ("Rencontrer les propriétaires", "Choisir l’urbaniste", "Écrire la charte"),
          ("La première rue plantée est ouverte.", "Surfaces vides", "%", 26, 17)),
    Story("Réseau d’entraide numérique", (T.NUMERIQUE, T.SERVICES_PUBLICS),
          "Un habitant sur cinq ne fait plus ses démarches seul.", 58,
          (B.PARTENAIRES, "Il faut une salle équipée deux matinées par semaine"),
          ("Ouvrir les salles de classe le mercredi", "L’école est équipée, libre et à cinq"
           " minutes de l’arrêt de bus."),
          ("Trouver deux conseillers", "Équiper la salle", "Annoncer les horaires"),
          ("Les ateliers sont complets.", "Personnes aidées", "par mois", 0, 96)),
    Story("Déchèterie et ressourcerie", (T.DECHETS, T.ECONOMIE),
          "Huit cents tonnes partent à l’enfouissement, dont des meubles en état.", 2300,
          (B.INGENIERIE, "Le modèle économique de la ressourcerie est incertain"),
          ("Faire une étude de gisement avec l’ADEME", "Elle dit ce qui peut être revendu avant de"
           " dessiner le bâtiment."),
          ("Peser les dépôts", "Trouver l’association", "Dessiner le quai"),
          ("La ressourcerie emploie neuf personnes.", "Déchets évités", "tonnes par an", 0, 240)),
    Story("Captage d’eau et interconnexion", (T.EAU_BIODIVERSITE, T.RISQUES),
          "La source a manqué trente-deux jours l’été dernier.", 1780,
          (B.REGLEMENTAIRE, "La déclaration d’utilité publique date de 1978"),
          ("Réviser les périmètres avec un hydrogéologue agréé", "La procédure prend dix-huit"
           " mois : mieux vaut la lancer maintenant."),
          ("Nommer l’hydrogéologue", "Chiffrer l’interconnexion", "Délibérer à deux communes"),
          ("L’eau n’a pas manqué cet été.", "Jours sans eau", "jours par an", 32, 0)),
    Story("Jardins familiaux et verger partagé", (T.ALIMENTATION, T.VIE_ASSOCIATIVE),
          "Les habitants des immeubles neufs demandent où planter.", 46,
          (B.FONCIER, "Le terrain appartient au diocèse"),
          ("Signer un prêt à usage de dix ans", "Le diocèse l’a accepté dans deux communes"
           " voisines."),
          ("Visiter le terrain", "Signer le prêt à usage", "Attribuer les parcelles"),
          ("Trente-huit familles jardinent.", "Parcelles cultivées", "parcelles", 0, 38)),
    Story("Cinéma associatif : passage au numérique", (T.CULTURE,),
          "Le projecteur ne sera plus réparé ; l’association a soixante bénévoles.", 96,
          (B.FINANCEMENT, "La commune n’a jamais demandé d’aide culturelle"),
          ("Déposer auprès de la DRAC et du Département", "Les deux commissions se tiennent au"
           " printemps, avec le même dossier."),
          ("Faire deux devis", "Écrire le dossier", "Déposer avant mars"),
          ("Le cinéma a rouvert.", "Entrées", "par an", 4200, 7900)),
    Story("Sécurité de la traversée du bourg", (T.MOBILITES, T.RISQUES),
          "Neuf mille véhicules par jour devant l’école.", 870,
          (B.PARTENAIRES, "La route est départementale"),
          ("Signer une convention de maîtrise d’ouvrage unique", "Le Département la propose quand"
           " la commune finance les trottoirs."),
          ("Compter et mesurer", "Essayer avec du mobilier provisoire", "Signer la convention"),
          ("La vitesse a baissé.", "Vitesse moyenne", "km/h", 58, 41)),
)  # fmt: skip
#: Why a service of the State puts a project first.
WHY_FIRST = (
    "Le conseil municipal délibère le mois prochain.",
    "La subvention de la région est perdue si les travaux ne commencent pas au printemps.",
    "Le propriétaire du terrain attend une réponse avant la fin du trimestre.",
    "Le bâtiment est fermé par arrêté depuis l’été.",
    "Trois communes voisines attendent ce projet pour lancer le leur.",
)
