"""Closed lists of places and spaces. The kinds follow the lexicon of shared places."""

from __future__ import annotations

from django.db.models import IntegerChoices, TextChoices


class PlaceKind(TextChoices):
    SALLE_DES_FETES = "salle_des_fetes", "Salle des fêtes"
    SALLE_POLYVALENTE = "salle_polyvalente", "Salle polyvalente"
    GYMNASE = "gymnase", "Gymnase"
    AUDITORIUM = "auditorium", "Auditorium"
    ETABLISSEMENT_SCOLAIRE = "etablissement_scolaire", "École, collège ou lycée"
    MAISON_ASSOCIATIONS = "maison_associations", "Maison des associations"
    MAIRIE = "mairie", "Mairie ou bâtiment administratif"
    PLACE_PUBLIQUE = "place_publique", "Place publique"
    CONCIERGERIE = "conciergerie", "Conciergerie"
    EPN = "epn", "Espace public numérique"
    MAISON_SERVICES = "maison_services", "Maison des services publics"
    MJC = "mjc", "Maison des jeunes et de la culture"
    MEDIATHEQUE = "mediatheque", "Médiathèque"
    MULTI_SERVICES = "multi_services", "Dépôt-vente, multi-services"
    COWORKING = "coworking", "Espace de coworking"
    CANTINE = "cantine", "Cantine numérique"
    TELECENTRE = "telecentre", "Télécentre"
    CENTRE_AFFAIRES = "centre_affaires", "Centre d’affaires"
    JARDIN_PARTAGE = "jardin_partage", "Jardin partagé"
    REPAIR_CAFE = "repair_cafe", "Repair café"
    ATELIER_QUARTIER = "atelier_quartier", "Atelier de quartier"
    FAB_LAB = "fab_lab", "Fab lab, techshop"
    HACKERSPACE = "hackerspace", "Hackerspace"
    EQUIPEMENT_SPORTIF = "equipement_sportif", "Équipement sportif"
    COMMERCE = "commerce", "Commerce ou café qui rend des services"
    GARE_HALLE_MARCHE = "gare_halle_marche", "Gare, halle ou marché"
    SERVICE_ITINERANT = "service_itinerant", "Bus ou service itinérant"


class SpaceKind(TextChoices):
    SALLE_DES_FETES = "salle_des_fetes", "Salle des fêtes"
    SALLE_REUNION = "salle_reunion", "Salle de réunion"
    SALLE_CLASSE = "salle_classe", "Salle de classe"
    SALLE_ACTIVITES = "salle_activites", "Salle d’activités"
    SALLE_SPORT = "salle_sport", "Salle de sport, gymnase"
    AUDITORIUM = "auditorium", "Auditorium"
    CUISINE = "cuisine", "Cuisine"
    ATELIER = "atelier", "Atelier"
    BUREAU = "bureau", "Bureau, poste de travail"
    PLEIN_AIR = "plein_air", "Espace de plein air"
    PLACE_PUBLIQUE = "place_publique", "Place publique"


class Publication(TextChoices):
    DRAFT = "brouillon", "Brouillon"
    PUBLISHED = "publie", "Publié"
    ARCHIVED = "archive", "Archivé"


class PlaceRoleKind(TextChoices):
    OWNER = "proprietaire", "Propriétaire"
    OPERATOR = "exploitant", "Exploitant"
    HEAD_OF_SCHOOL = "chef_etablissement", "Chef d’établissement"
    CARETAKER = "gardien", "Gardien"


#: How far apart starts may be, in minutes: what managers choose from, and search knows of.
STEPS = (15, 30, 60, 120, 240, 1440)


class ApprovalMode(TextChoices):
    IMMEDIATE = "immediate", "Confirmation immédiate"
    MANAGER = "gestionnaire", "Validation par le gestionnaire"


class UserCategory(TextChoices):
    """Who books, as far as rules and prices go."""

    RESIDENT = "particulier", "Particuliers"
    ASSOCIATION = "association", "Associations"
    COMPANY = "entreprise", "Entreprises"
    PUBLIC = "public", "Collectivités et services publics"
    SCHOOL = "scolaire", "Établissements scolaires"


class Layout(TextChoices):
    STANDING = "debout", "Debout"
    THEATRE = "conference", "Assis, en conférence"
    TABLES = "tables", "Assis, à table"
    CLASSROOM = "classe", "En classe"
    U_SHAPE = "u", "En U"


class Equipment(IntegerChoices):
    """The value is the position of the bit in the search index: never renumber."""

    VIDEO_PROJECTOR = 0, "Vidéoprojecteur"
    SCREEN = 1, "Écran"
    SOUND = 2, "Sonorisation"
    MICROPHONE = 3, "Microphone"
    WIFI = 4, "Wi-Fi"
    COMPUTERS = 5, "Ordinateurs"
    TABLES = 6, "Tables"
    CHAIRS = 7, "Chaises"
    KITCHEN = 8, "Cuisine équipée"
    FRIDGE = 9, "Réfrigérateur"
    DISHES = 10, "Vaisselle"
    STAGE = 11, "Scène"
    PIANO = 12, "Piano"
    SPORTS_FLOOR = 13, "Sol sportif"
    MIRRORS = 14, "Miroirs"
    CHANGING_ROOMS = 15, "Vestiaires"
    SHOWERS = 16, "Douches"
    WHITEBOARD = 17, "Tableau"
    SEWING_MACHINES = 18, "Machines à coudre"
    PRINTER_3D = 19, "Imprimante 3D"
    POWER_OUTDOOR = 20, "Prise électrique extérieure"
    WATER_POINT = 21, "Point d’eau"
    PARKING = 22, "Stationnement"
    HEARING_LOOP = 23, "Boucle magnétique"


class ErpType(TextChoices):
    """Types of establishments open to the public (règlement de sécurité, article GN 1)."""

    L = "L", "L – Salles d’audition, de conférences, de réunions, de spectacles"
    N = "N", "N – Restaurants et débits de boissons"
    P = "P", "P – Salles de danse et de jeux"
    R = "R", "R – Établissements d’enseignement, colonies de vacances"
    S = "S", "S – Bibliothèques, centres de documentation"
    T = "T", "T – Salles d’exposition"
    V = "V", "V – Établissements de culte"
    W = "W", "W – Administrations, banques, bureaux"
    X = "X", "X – Établissements sportifs couverts"
    Y = "Y", "Y – Musées"
    PA = "PA", "PA – Établissements de plein air"
