"""Word lists from which names, addresses and texts are put together.

Telephone patterns stay in the ranges that the countries' regulators keep free for
fiction, and every domain ends in a reserved name, so that nothing here reaches
anybody.
"""

FIRST_NAMES = tuple(
    """Adrian Agnes Alina Amelie André Anika Anton Astrid Axel Beatrix Benoît Birgit
    Björn Bruno Camille Carla Cécile Chloé Clara Claudia Clemens Corinna Dagmar
    Daniel David Dieter Doris Edith Elias Elin Elise Elke Emil Emma Erik Esther Eva
    Fabian Felix Florian François Frieda Gisela Greta Gunnar Hanna Hans Hedwig Heike
    Helena Hélène Henrik Hugo Ida Inès Inga Ingrid Iris Jakob Jan Joachim Johanna
    Jonas Jörg Judith Jules Julia Jürgen Karin Karl Käthe Kerstin Klaus Konrad Lars
    Laura Léa Lena Leon Linus Lisa Loïc Lorenz Louise Lucas Ludwig Lukas Maëlle
    Magnus Malin Manon Mara Marc Maren Marie Marta Mats Mia Michel Mila Mona
    Moritz Nadine Nils Nina Noah Noémie Nora Olaf Oskar Pauline Petra Philipp Pia
    Quentin Rafael Ralf René Rita Robin Rosa Ruth Sabine Samuel Sandra Sara Sébastien
    Silke Simon Sofia Sören Stefan Stella Sven Tanja Theo Thérèse Tilda Tobias Ulrike
    Uwe Valentin Vera Viktor Viola Walter Werner Yves Zoé""".split()
)

LAST_NAMES = tuple(
    """Ackermann Adler Ahlgren Albrecht Andersson Arnaud Bachmann Barbier Barnes
    Bauer Baumann Beaumont Becker Bennett Berger Bergström Bernard Bischof Blanc
    Blomqvist Böhm Bonnet Boucher Brandt Braun Brooks Brunner Busch Carlsson Carter
    Chevalier Clément Collins Cooper Dahlberg Davies Delacroix Desmoulins Dietrich
    Dubois Dupré Ebert Eklund Engel Eriksson Evans Faure Fischer Fleischer Fontaine
    Forsberg Foster Frank Fuchs Garnier Gauthier Girard Graham Granlund Graf Grün
    Günther Haas Hahn Hartmann Hedlund Heinrich Henderson Herrmann Hoffmann Holmgren
    Horn Huber Hughes Jäger Jansson Jensen Jung Kaiser Keller Kessler Klein Koch
    Köhler König Krämer Kraus Krüger Lacroix Lambert Lang Larsson Laurent Lefèvre
    Lehmann Leroy Lindberg Lindqvist Lorenz Ludwig Lundgren Maier Marchand Martin
    Maurer Mercier Meyer Michaud Möller Moreau Morris Müller Nash Neumann Nilsson
    Nordin Nyström Olsson Otto Parker Perrin Peters Pfeiffer Pohl Porter Prévost
    Renard Richter Ritter Robinson Roche Roth Rousseau Sauer Schäfer Schneider
    Schröder Schulte Schwarz Seidel Sjöberg Söderberg Sommer Stein Strand Sundberg
    Thomas Turner Vasseur Vogel Voß Wagner Walker Wallin Weber Weiß Wikström
    Winter Wolf Wright Ziegler Zimmermann""".split()
)

COMPANY_FIRST = tuple(
    """Acorn Alder Alpen Amber Arbor Argent Aurora Azur Basalt Beacon Birch Bluewater
    Boreal Bravura Bridgeway Canopy Cedar Cinder Cobalt Copper Coral Corvid Crestline
    Dovetail Dune Eastgate Echo Elbe Ember Evergreen Fernweh Fjord Flint Foxglove
    Gallant Garnet Glacier Granit Harbour Hazel Hollow Heron Highland Indigo Isar
    Juniper Kestrel Kingfisher Lakeside Lantern Larch Lumière Lynx Maple Marigold
    Meadow Meridian Mistral Monarch Moss Neckar Nimbus Nordlicht Oakhill Obsidian
    Ochre Orchard Osprey Pebble Pinewood Polar Quarry Quill Raven Redwood Rhein
    Ridgeline Rivage Saffron Sapphire Sequoia Silberbach Solstice Sparrow Spruce
    Summit Tamarack Tern Thistle Timber Tundra Umbra Valley Verdant Vesper Violet
    Wavecrest Westwind Willow Zenith Zephyr""".split()
)

COMPANY_SECOND = tuple(
    """Analytics Apparel Automation Bakeries Beverages Biotech Boatworks Books Brewing
    Builders Ceramics Chemicals Cloud Consulting Controls Cooling Cosmetics Couriers
    Design Diagnostics Electronics Energy Engineering Events Fabrics Films Foods
    Foundry Freight Furniture Gardens Glass Health Homes Hospitality Instruments
    Insulation Interiors Irrigation Labs Lighting Logistics Machines Marine Media
    Medical Metals Mobility Mechanics Networks Nurseries Optics Packaging Paints Paper
    Partners Pharma Plastics Precision Print Properties Pumps Rail Recycling
    Robotics Roofing Security Seeds Sensors Software Solar Sports Steel Storage
    Systems Textiles Tools Toys Training Travel Valves Ventures Water Wood""".split()
)

INDUSTRIES = (
    "Manufacturing",
    "Construction",
    "Education",
    "Renewable Energy",
    "Food Processing",
    "Software",
    "Logistics",
    "Health Care",
    "Retail",
    "Professional Services",
)

JOB_TITLES = (
    "Head of Purchasing",
    "Managing Director",
    "Office Manager",
    "Plant Manager",
    "IT Manager",
    "Chief Financial Officer",
    "Project Engineer",
    "Buyer",
    "Head of Operations",
    "Quality Manager",
    "Marketing Manager",
    "Founder",
)

ROLES = ("Employee", "Advisor", "Board member", "Former employer", "Contractor")

# country, legal suffixes, landline, mobile, streets, (city, state, zip) …
# A '#' in a pattern is a digit; a house number stands where '{}' is.
COUNTRIES = (
    (
        "United States",
        ("Inc.", "LLC", "Corp."),
        "+1 617 555 01##",
        "+1 312 555 01##",
        ("{} Main Street", "{} Oak Avenue", "{} Harbor Road", "{} Mill Lane"),
        (
            ("Boston", "Massachusetts", "02108"),
            ("Chicago", "Illinois", "60601"),
            ("Denver", "Colorado", "80202"),
            ("Portland", "Oregon", "97204"),
            ("Austin", "Texas", "78701"),
            ("Newark", "New Jersey", "07102"),
        ),
    ),
    (
        "Germany",
        ("GmbH", "AG", "GmbH & Co. KG"),
        "+49 30 23125 ###",
        "+49 176 040690 ##",
        ("Bahnhofstraße {}", "Hauptstraße {}", "Lindenallee {}", "Am Mühlbach {}"),
        (
            ("München", "", "80331"),
            ("Köln", "", "50667"),
            ("Dresden", "", "01067"),
            ("Hamburg", "", "20095"),
            ("Nürnberg", "", "90402"),
        ),
    ),
    (
        "United Kingdom",
        ("Ltd", "plc"),
        "+44 20 7946 0###",
        "+44 7700 900###",
        ("{} Station Road", "{} Church Lane", "{} Victoria Street"),
        (
            ("London", "", "EC1A 1BB"),
            ("Leeds", "", "LS1 4AP"),
            ("Bristol", "", "BS1 5TR"),
            ("Glasgow", "", "G1 1XQ"),
        ),
    ),
    (
        "France",
        ("SARL", "SAS", "SA"),
        "+33 1 99 00 ## ##",
        "+33 6 39 98 ## ##",
        ("{} rue de la République", "{} avenue des Tilleuls", "{} place de l'Église"),
        (
            ("Paris", "", "75011"),
            ("Lyon", "", "69002"),
            ("Nîmes", "", "30000"),
            ("Besançon", "", "25000"),
            ("Bourg-en-Bresse", "", "01000"),
        ),
    ),
    (
        "Sweden",
        ("AB",),
        "+46 8 465 004 ##",
        "+46 70 174 06 ##",
        ("Storgatan {}", "Kungsgatan {}", "Björkvägen {}"),
        (
            ("Stockholm", "", "111 29"),
            ("Göteborg", "", "411 03"),
            ("Malmö", "", "211 20"),
            ("Västerås", "", "722 11"),
        ),
    ),
)

TAGS = {
    "contact": (
        ("Key account", "#D6145F"),
        ("Newsletter", "#2E86C1"),
        ("Trade fair 2019", "#F4A460"),
        ("Décideur", "#8E44AD"),
        ("Do not call", "#C0392B"),
        ("Partner", "#27AE60"),
    ),
    "deal": (
        ("Upsell", "#1ABC9C"),
        ("Tender", "#34495E"),
        ("Fast track", "#F1C40F"),
        ("Strategic", "#D6145F"),
        ("Partner", "#27AE60"),
    ),
}

PIPELINES = (
    (
        "New Business",
        (
            ("Qualified", 10, "#AED6F1"),
            ("Needs analysis", 25, "#85C1E9"),
            ("Proposal", 50, "#5DADE2"),
            ("Negotiation", 80, "#3498DB"),
            ("Won", 100, "#27AE60"),
        ),
    ),
    (
        "Renewals",
        (
            ("Upcoming", 60, "#F9E79F"),
            ("Proposal", 75, "#F7DC6F"),
            ("Contract sent", 90, "#F4D03F"),
            ("Renewed", 100, "#229954"),
        ),
    ),
    (
        "Partner Sales",
        (
            ("Registered", 15, "#D7BDE2"),
            ("Joint visit", 35, "#BB8FCE"),
            ("Proposal", 55, "#A569BD"),
            ("Won", 100, "#27AE60"),
        ),
    ),
)

LOST_REASONS = (
    "Too expensive",
    "Chose a competitor",
    "No budget",
    "Project cancelled",
    "No answer",
)

COMPETITORS = ("", "", "Halcyon Systems", "Brightforge", "Umlaut & Söhne")

DEAL_SUBJECTS = (
    "framework contract",
    "pilot installation",
    "annual licence",
    "spare parts",
    "maintenance contract",
    "replacement of the old line",
    "extension",
    "training",
    "site survey",
    "second shift equipment",
)

TOPICS = (
    "the offer",
    "delivery dates",
    "the annual plan",
    "payment terms",
    "the open complaint",
    "the site visit",
    "next year's volume",
    "the sample order",
    "onboarding",
    "the new contact person",
)

OUTCOMES = (
    "Agreed to talk again next quarter.",
    "They will send the figures by Friday.",
    "No decision before the budget round.",
    "Price is fine, delivery time is not.",
    "Wants a reference from the same trade.",
    "Asked for a visit on site.",
    "Forwarded to the purchasing department.",
    "Happy with the last delivery.",
)

DESCRIPTIONS = (
    "",
    "",
    "Met at a trade fair.",
    "Prefers e-mail to telephone.",
    "Invoices go to the head office.",
    "Customer since the first catalogue.",
    "Pays on time, asks for a discount every year.",
    "Bâtiment B, 2e étage.",
    "Rückruf nur vormittags.",
)

DOCUMENT_TITLES = (
    "Offer",
    "Angebot",
    "Contract",
    "Minutes",
    "Price list",
    "Délai de livraison",
    "Drawing",
    "Site photo",
    "Data sheet",
)

OWNERS = (
    "admin@yourcompany.example.com",
    "anna.berg@allegory-demo.example",
    "jonas.weiss@allegory-demo.example",
    "claire.fontaine@allegory-demo.example",
    "erik.lund@allegory-demo.example",
)
