"""Pairs of listings, each said by hand to fit or not: what the comparison is measured on.

(category, title and words, quantity, recurring) of the offer; of the need; kilometres; whether
somebody who knows both would introduce them.
"""

F, M, R, S, T, X = "denrees", "materiel", "locaux", "competences", "transport", "autre"

PAIRS = [
    # --- The loops of organic waste
    (
        (F, "Épluchures de légumes du restaurant", "40 kg par semaine", True),
        (F, "Biodéchets pour le composteur collectif", "30 kg par semaine", True),
        2,
        True,
    ),
    (
        (F, "Marc de café", "10 kg par semaine", True),
        (F, "Matière pour compost", "", True),
        3,
        True,
    ),
    (
        (F, "Compost mûr des Prés", "200 litres par mois", True),
        (F, "Compost ou fumier pour le jardin partagé", "100 litres par mois", True),
        1,
        True,
    ),
    (
        (F, "Fumier de cheval", "2 tonnes", False),
        (F, "Cherche fumier pour le potager de l’école", "500 kg", False),
        8,
        True,
    ),
    (
        (F, "Invendus du marché, impropres à la vente", "60 kg par semaine", True),
        (F, "Invendus et denrées pour repas partagés", "", True),
        5,
        True,
    ),
    (
        (F, "Pain de la veille", "15 kg par semaine", True),
        (F, "Restes de pain pour nos poules", "5 kg par semaine", True),
        4,
        True,
    ),
    (
        (F, "Déchets alimentaires de la cantine", "80 kg par semaine", True),
        (F, "Matières pour notre unité de méthanisation", "", True),
        9,
        True,
    ),
    (
        (F, "Tontes de gazon et feuilles mortes", "", True),
        (F, "Paillage et broyat pour massifs", "", True),
        3,
        True,
    ),
    (
        (F, "Légumes invendus", "20 kg par semaine", True),
        (F, "Fruits et légumes pour l’épicerie solidaire", "", True),
        6,
        True,
    ),
    # --- Equipment
    ((M, "Barnum 3 × 6 m", "", False), (M, "Chapiteau ou tente pour la fête", "", False), 7, True),
    (
        (M, "50 chaises pliantes", "50", False),
        (M, "Chaises pour une assemblée", "40", False),
        2,
        True,
    ),
    (
        (M, "Perceuse et outils de bricolage", "", False),
        (M, "Outils pour un atelier de réparation", "", True),
        5,
        True,
    ),
    (
        (M, "Palettes en bois", "30 palettes", False),
        (M, "Palettes pour construire un composteur", "6", False),
        9,
        True,
    ),
    (
        (M, "Ordinateurs reconditionnés", "4", False),
        (M, "Postes informatiques pour l’espace numérique", "", False),
        6,
        True,
    ),
    (
        (M, "Tables et bancs de brasserie", "", False),
        (M, "Mobilier pour un repas de quartier", "", False),
        3,
        True,
    ),
    ((M, "Enceinte et micro", "", False), (M, "Sono pour une soirée", "", False), 4, True),
    ((M, "Vélo cargo", "", True), (T, "Vélo cargo pour livrer les paniers", "", True), 2, True),
    # --- Rooms
    (
        (R, "Cuisine équipée le mardi", "", True),
        (R, "Cuisine pour ateliers du mardi", "", True),
        3,
        True,
    ),
    ((R, "Garage vide", "", True), (R, "Lieu pour entreposer des vélos", "", True), 4, True),
    (
        (R, "Salle de réunion, créneau du jeudi soir", "", True),
        (R, "Local pour réunions de notre association", "", True),
        2,
        True,
    ),
    # --- Skills
    (
        (S, "Maçon à la retraite", "10 heures", False),
        (S, "Coup de main pour petits travaux de maçonnerie", "6 heures", False),
        5,
        True,
    ),
    (
        (S, "Aide à la comptabilité", "", True),
        (S, "Quelqu’un pour tenir les dossiers et la compta", "", True),
        6,
        True,
    ),
    (
        (S, "Cours de français", "2 heures par semaine", True),
        (S, "Traducteur ou cours de langue", "", True),
        3,
        True,
    ),
    ((S, "Couturière", "", False), (S, "Réparer des costumes, couture", "", False), 2, True),
    # --- Transport
    (
        (T, "Camionnette qui repart à vide", "", True),
        (T, "Transporter du compost vers la ferme", "", True),
        9,
        True,
    ),
    ((T, "Minibus le mercredi", "", True), (T, "Navette des enfants mercredi", "", True), 3, True),
    # --- What has nothing to do with each other
    (
        (F, "Épluchures de légumes", "40 kg par semaine", True),
        (F, "Foin pour chevaux", "", True),
        2,
        False,
    ),
    ((F, "Invendus du marché", "", True), (F, "Fumier pour potager", "", False), 3, False),
    ((M, "Barnum 3 × 6 m", "", False), (M, "Ordinateurs", "", False), 2, False),
    ((M, "50 chaises pliantes", "", False), (M, "Tronçonneuse", "", False), 1, False),
    ((M, "Piano droit", "", False), (M, "Palettes", "", False), 1, False),
    ((M, "Vélos d’enfant", "", False), (M, "Imprimante", "", False), 1, False),
    ((R, "Cuisine équipée", "", True), (R, "Hangar pour un tracteur", "", True), 4, False),
    ((R, "Salle de réunion", "", True), (S, "Professeur de guitare", "", True), 1, False),
    ((S, "Maçon à la retraite", "", False), (S, "Cours d’anglais", "", True), 2, False),
    ((S, "Aide aux devoirs", "", True), (S, "Plombier pour la maison", "", False), 2, False),
    ((S, "Couturière", "", False), (S, "Relire nos statuts, juridique", "", False), 3, False),
    ((T, "Covoiturage vers la gare", "", True), (T, "Déménager un piano", "", False), 2, False),
    ((X, "Cartons de déménagement", "", False), (X, "Aquarium", "", False), 2, False),
    ((F, "Pots de confiture vides", "", False), (F, "Poules pondeuses", "", False), 3, False),
    # --- What would fit, but not there, not then, or not so
    ((F, "Compost mûr", "", True), (F, "Compost pour le jardin", "", True), 40, False),
    ((M, "Chaises pliantes", "", False), (M, "Chaises", "", False), 60, False),
    ((T, "Minibus le lundi", "", True), (T, "Minibus le samedi", "", True), 9, False),
]
