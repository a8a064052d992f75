"""What the addresses of campaigns, listings and stories take."""


class CampaignsWorld:
    """Things of campaigns, listings and stories."""


CAMPAIGNS_SAMPLES = {}
CAMPAIGNS_SAMPLES_BY_ARGUMENT = {}
