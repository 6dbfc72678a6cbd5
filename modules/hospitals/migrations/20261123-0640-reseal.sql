-- The parameters of a hospital in preparation are put under another key as all sealed texts are; nothing else of a row changes.
grant update (params_sealed) on hospitals.onboarding to yiqiao_app;
