"""What projects are called and say of themselves: words enough for a search to choose among."""

from __future__ import annotations

from preau.resources.enums import BlockageKind, HelpKind, Theme

T = Theme
#: What, and what it is about. `{}` is the commune.
SUBJECTS: tuple[tuple[str, tuple[Theme, ...]], ...] = (
    ("Rénovation énergétique de l’école {}", (T.ENERGIE, T.EDUCATION)),
    ("Reconversion de l’ancienne gendarmerie de {}", (T.CENTRE_VILLE, T.LOGEMENT)),
    ("Chaufferie bois et réseau de chaleur à {}", (T.ENERGIE,)),
    ("Maison de santé pluriprofessionnelle de {}", (T.SANTE, T.SERVICES_PUBLICS)),
    ("Épicerie sociale et solidaire de {}", (T.ALIMENTATION, T.SANTE)),
    ("Voie verte entre {} et la gare", (T.MOBILITES,)),
    ("Tiers-lieu dans l’ancienne poste de {}", (T.TIERS_LIEUX, T.ECONOMIE)),
    ("Restauration de l’église Saint-Martin de {}", (T.CULTURE,)),
    ("Renaturation de la cour d’école de {}", (T.EDUCATION, T.EAU_BIODIVERSITE)),
    ("Compostage partagé au pied des immeubles de {}", (T.DECHETS, T.VIE_ASSOCIATIVE)),
    ("Halle de marché couverte à {}", (T.CENTRE_VILLE, T.ALIMENTATION)),
    ("Réhabilitation de la friche textile de {}", (T.AMENAGEMENT, T.ECONOMIE)),
    ("Logements intergénérationnels au centre de {}", (T.LOGEMENT, T.SANTE)),
    ("Terrain multisports et skatepark de {}", (T.SPORT,)),
    ("Médiathèque et ludothèque de {}", (T.CULTURE, T.EDUCATION)),
    ("Guichet France Services itinérant à {}", (T.SERVICES_PUBLICS, T.NUMERIQUE)),
    ("Gestion des eaux pluviales à {}", (T.EAU_BIODIVERSITE, T.RISQUES)),
    ("Micro-crèche communale de {}", (T.EDUCATION,)),
    ("Ombrières photovoltaïques sur le parking de {}", (T.ENERGIE,)),
    ("Signalétique et accueil touristique de {}", (T.TOURISME,)),
    ("Cantine bio et légumerie de {}", (T.ALIMENTATION, T.EDUCATION)),
    ("Vidéoprotection des entrées de {}", (T.RISQUES,)),
    ("Autopartage et covoiturage à {}", (T.MOBILITES,)),
    ("Fab lab et médiation numérique de {}", (T.NUMERIQUE, T.TIERS_LIEUX)),
    ("Plan de prévention des inondations à {}", (T.RISQUES, T.EAU_BIODIVERSITE)),
    ("Recyclerie intercommunale de {}", (T.DECHETS, T.ECONOMIE)),
    ("Maison des associations de {}", (T.VIE_ASSOCIATIVE,)),
    ("Requalification de l’entrée de bourg de {}", (T.AMENAGEMENT, T.CENTRE_VILLE)),
    ("Piscine intercommunale de {}", (T.SPORT, T.ENERGIE)),
    ("Résidence seniors de {}", (T.LOGEMENT, T.SANTE)),
    ("Commerce multiservice de {}", (T.CENTRE_VILLE, T.ECONOMIE)),
    ("Sentier de la biodiversité de {}", (T.TOURISME, T.EAU_BIODIVERSITE)),
)
PURPOSES = (
    "Le bâtiment ne répond plus aux normes et sa facture de chauffage a doublé en trois ans.",
    "Les habitants demandent un lieu où se retrouver depuis la fermeture du café.",
    "La commune veut réduire sa dépendance à la voiture et relier les hameaux au bourg.",
    "Le médecin part à la retraite et aucun successeur ne s’est annoncé.",
    "Les familles quittent le centre faute de logements adaptés et de services.",
    "Les inondations de l’automne ont montré que le réseau pluvial est sous-dimensionné.",
    "La fréquentation touristique augmente sans retombées pour les commerces du village.",
    "Une friche de deux hectares dégrade l’image de l’entrée de bourg.",
    "Les associations se partagent une seule salle, occupée tous les soirs.",
    "La collecte des biodéchets devient obligatoire et aucune solution n’est organisée.",
)
SENTENCES = (
    "Une étude de faisabilité a été confiée au conseil d’architecture et d’urbanisme.",
    "Le terrain appartient à un propriétaire privé avec qui des échanges sont ouverts.",
    "L’établissement public foncier peut porter l’acquisition pendant cinq ans.",
    "Le conseil municipal a délibéré à l’unanimité sur le principe.",
    "Les travaux seraient menés en deux tranches pour garder l’équipement ouvert.",
    "Une concertation avec les habitants est prévue au printemps.",
    "L’architecte des bâtiments de France a rendu un premier avis réservé.",
    "Le plan de financement repose sur la dotation d’équipement et le fonds vert.",
    "La communauté de communes apporte un fonds de concours.",
    "L’isolation, la ventilation et le remplacement des menuiseries sont chiffrés.",
    "Une association locale se propose de gérer le lieu avec deux salariés.",
    "La région soutient l’ingénierie de la première année.",
    "Des panneaux solaires couvriraient les deux tiers de la consommation.",
    "Le matériel serait mutualisé avec trois communes voisines.",
    "Un recrutement de chef de projet est envisagé à mi-temps.",
    "La désimperméabilisation de la cour permettra de planter quarante arbres.",
)
BLOCKAGES: dict[BlockageKind, tuple[str, ...]] = {
    BlockageKind.FINANCEMENT: ("Plan de financement incomplet", "Reste à charge trop élevé"),
    BlockageKind.INGENIERIE: ("Pas de chef de projet", "Étude à cadrer"),
    BlockageKind.FONCIER: ("Propriétaire injoignable", "Aucun local disponible"),
    BlockageKind.REGLEMENTAIRE: ("Zonage du plan local d’urbanisme", "Avis défavorable"),
    BlockageKind.PARTENAIRES: ("Gestionnaire à trouver", "Convention en attente"),
    BlockageKind.GOUVERNANCE: ("Compétence à clarifier", "Élus à convaincre"),
}
ADVICE: dict[HelpKind, tuple[str, ...]] = {
    HelpKind.FUNDING: ("Dotation d’équipement", "Fonds vert", "Prêt de long terme"),
    HelpKind.ENGINEERING: ("Appui d’un chef de projet", "Étude flash", "Mission d’ingénierie"),
    HelpKind.EXPERTISE: ("Conseil d’architecture", "Réseau des communes", "Référent énergie"),
    HelpKind.PLACE: ("Salle disponible à proximité", "Local vacant de la commune"),
}
PROGRAMMES = (
    ("crte", "Contrats de réussite de la transition écologique", True),
    ("villages-avenir", "Villages d’avenir", False),
    ("petites-villes", "Petites villes de demain", False),
    ("coeur-de-ville", "Action cœur de ville", False),
    ("zones-commerciales", "Transformation des zones commerciales", False),
    ("france-services", "France Services", True),
    ("territoires-industrie", "Territoires d’industrie", False),
    ("pict", "Programme d’ingénierie de cohésion des territoires", True),
)
FIRST = ("Camille", "Louise", "Jules", "Inès", "Adam", "Chloé", "Hugo", "Léa", "Nour", "Paul")
LAST = ("Martin", "Bernard", "Petit", "Durand", "Moreau", "Garcia", "Roux", "Fontaine", "Lopez")
