package dev.reeve.guard;

import static dev.reeve.guard.CharSet.ALNUM;
import static dev.reeve.guard.CharSet.BASE64;
import static dev.reeve.guard.CharSet.DOTTED;
import static dev.reeve.guard.CharSet.HEX;
import static dev.reeve.guard.CharSet.UPPER_DIGITS;
import static dev.reeve.guard.CharSet.URL64;
import static dev.reeve.guard.SecretForm.CRC;
import static dev.reeve.guard.SecretForm.CRC_OF_ALL;
import static dev.reeve.guard.SecretForm.RANDOM;
import static dev.reeve.guard.SecretForm.contains;
import static dev.reeve.guard.SecretForm.parts;

import java.util.ArrayList;
import java.util.List;

/** Secrets that say themselves what they are, by the forms that their makers publish. */
final class SecretForms {
    private static final CharSet BASE32 = CharSet.of("A-Z2-7");
    private static final CharSet LOWER_DIGITS = CharSet.of("0-9a-z");
    private static final CharSet SLASHED = CharSet.of("0-9A-Za-z/_-");
    private static final CharSet PERCENT = CharSet.of("0-9A-Za-z/_.@%-");
    private static final CharSet BECH32 = CharSet.of("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L");
    private static final CharSet DOLLAR = CharSet.of("0-9a-z$");

    private final List<SecretForm> forms = new ArrayList<>();

    private SecretForms() {}

    static List<SecretForm> all() {
        SecretForms all = new SecretForms();
        all.clouds();
        all.code();
        all.models();
        all.money();
        all.talk();
        all.work();
        all.running();
        return List.copyOf(all.forms);
    }

    private void add(String id, String about, String prefix, CharSet body, int least, int most, SecretForm.Test test) {
        forms.add(new SecretForm(id, about, prefix, body, least, most, test));
    }

    private void clouds() {
        for (String prefix : List.of("AKIA", "ASIA", "ABIA", "ACCA")) {
            add("aws-access-key", "AWS access key ids", prefix, BASE32, 16, 16, RANDOM);
        }
        add("aws-bedrock-key", "AWS Bedrock API keys", "ABSK", CharSet.of("0-9A-Za-z+/="), 109, 269, RANDOM);
        add("gcp-api-key", "Google API keys", "AIza", URL64, 35, 35, RANDOM);
        add("gcp-oauth-secret", "Google OAuth client secrets", "GOCSPX-", URL64, 28, 28, RANDOM);
        add("google-access-token", "Google OAuth access tokens", "ya29.", URL64, 40, 1_024, RANDOM);
        add("google-refresh-token", "Google OAuth refresh tokens", "1//0", URL64, 40, 160, RANDOM);
        add(
                "azure-storage-key",
                "Azure storage account keys",
                "AccountKey=",
                CharSet.of("0-9A-Za-z+/="),
                88,
                88,
                RANDOM);
        add(
                "azure-shared-key",
                "Azure service bus and event hub keys",
                "SharedAccessKey=",
                CharSet.of("0-9A-Za-z+/="),
                44,
                44,
                RANDOM);
        add("azure-sas", "Azure shared access signatures", "sig=", CharSet.of("0-9A-Za-z%"), 46, 72, contains("%3D"));
        add("alibaba-access-key", "Alibaba Cloud access key ids", "LTAI", ALNUM, 16, 20, RANDOM);
        add("tencent-secret-id", "Tencent Cloud secret ids", "AKID", ALNUM, 32, 32, RANDOM);
        for (String prefix : List.of("dop_v1_", "doo_v1_", "dor_v1_")) {
            add("digitalocean-token", "DigitalOcean tokens", prefix, HEX, 64, 64, RANDOM);
        }
        add(
                "cloudflare-ca-key",
                "Cloudflare origin CA keys",
                "v1.0-",
                CharSet.of("0-9a-f-"),
                171,
                171,
                parts('-', 24, 146));
        add("heroku-key", "Heroku API keys", "HRKU-AA", URL64, 58, 58, RANDOM);
        add("fly-token", "Fly.io tokens", "fm2_", CharSet.of("0-9A-Za-z+/=_"), 100, 2_000, RANDOM);
        add("netlify-token", "Netlify tokens", "nfp_", ALNUM, 36, 40, RANDOM);
        add("scaleway-key", "Scaleway access keys", "SCW", UPPER_DIGITS, 17, 17, RANDOM);
        add("yandex-key", "Yandex Cloud API keys", "AQVN", URL64, 35, 38, RANDOM);
        add("age-key", "age secret keys", "AGE-SECRET-KEY-1", BECH32, 58, 58, RANDOM);
    }

    private void code() {
        for (String prefix : List.of("ghp_", "gho_", "ghu_", "ghs_", "ghr_")) {
            add("github-token", "GitHub tokens, with their CRC-32", prefix, ALNUM, 36, 36, CRC);
        }
        add(
                "github-fine-grained-token",
                "GitHub fine-grained tokens",
                "github_pat_",
                CharSet.WORD,
                82,
                82,
                parts('_', 22, 59));
        for (String prefix : List.of(
                "glpat-", "gldt-", "glrt-", "glptt-", "glcbt-", "glsoat-", "glffct-", "glimt-", "glagent-", "gloas-")) {
            add("gitlab-token", "GitLab tokens", prefix, DOTTED, 20, 64, RANDOM);
        }
        add("bitbucket-app-password", "Bitbucket app passwords", "ATBB", ALNUM, 32, 32, RANDOM);
        add("atlassian-token", "Atlassian API tokens", "ATATT3", CharSet.of("0-9A-Za-z_=-"), 180, 200, RANDOM);
        add("npm-token", "npm tokens, with their CRC-32", "npm_", ALNUM, 36, 36, CRC);
        add("pypi-token", "PyPI tokens", "pypi-AgEIcHlwaS5vcmc", URL64, 50, 400, RANDOM);
        add("rubygems-key", "RubyGems API keys", "rubygems_", HEX, 48, 48, RANDOM);
        add("crates-token", "crates.io tokens", "cio", ALNUM, 32, 32, RANDOM);
        add("nuget-key", "NuGet API keys", "oy2", LOWER_DIGITS, 43, 43, RANDOM);
        add("clojars-token", "Clojars tokens", "CLOJARS_", LOWER_DIGITS, 60, 60, RANDOM);
        for (String prefix : List.of("dckr_pat_", "dckr_oat_")) {
            add("docker-token", "Docker Hub tokens", prefix, URL64, 27, 32, RANDOM);
        }
        add("artifactory-key", "Artifactory API keys", "AKCp", ALNUM, 69, 69, RANDOM);
        add("sonar-token", "SonarQube tokens", "squ_", HEX, 40, 40, RANDOM);
        add("circleci-token", "CircleCI tokens", "CCIPAT_", CharSet.WORD, 40, 80, RANDOM);
        add("buildkite-token", "Buildkite tokens", "bkua_", LOWER_DIGITS, 40, 40, RANDOM);
        add("sourcegraph-token", "Sourcegraph tokens", "sgp_", CharSet.of("0-9a-fl_o"), 40, 64, RANDOM);
        add("postman-key", "Postman API keys", "PMAK-", CharSet.of("0-9a-f-"), 59, 59, parts('-', 24, 34));
    }

    private void models() {
        add("openai-key", "OpenAI keys", "sk-", URL64, 40, 200, contains("T3BlbkFJ"));
        add("anthropic-key", "Anthropic keys", "sk-ant-", URL64, 80, 120, RANDOM);
        add("huggingface-token", "Hugging Face tokens", "hf_", ALNUM, 34, 37, RANDOM);
        add("perplexity-key", "Perplexity keys", "pplx-", ALNUM, 48, 48, RANDOM);
        add("groq-key", "Groq keys", "gsk_", ALNUM, 52, 52, RANDOM);
        add("xai-key", "xAI keys", "xai-", ALNUM, 80, 80, RANDOM);
        add("replicate-token", "Replicate tokens", "r8_", ALNUM, 37, 37, RANDOM);
        add("openrouter-key", "OpenRouter keys", "sk-or-v1-", HEX, 64, 64, RANDOM);
        add("langsmith-key", "LangSmith keys", "lsv2_", CharSet.of("0-9a-z_"), 42, 48, RANDOM);
        add("nvidia-key", "NVIDIA API keys", "nvapi-", URL64, 60, 70, RANDOM);
    }

    private void money() {
        for (String prefix : List.of("sk_live_", "sk_test_", "rk_live_", "rk_test_")) {
            add("stripe-key", "Stripe secret and restricted keys", prefix, ALNUM, 24, 107, RANDOM);
        }
        add("stripe-webhook-secret", "Stripe webhook secrets", "whsec_", CharSet.of("0-9A-Za-z+/="), 32, 64, RANDOM);
        for (String prefix : List.of("sq0atp-", "sq0csp-")) {
            add("square-secret", "Square tokens and secrets", prefix, URL64, 22, 43, RANDOM);
        }
        add(
                "braintree-token",
                "Braintree access tokens",
                "access_token$production$",
                DOLLAR,
                49,
                49,
                parts('$', 16, 32));
        add(
                "plaid-token",
                "Plaid access tokens",
                "access-production-",
                CharSet.of("0-9a-f-"),
                36,
                36,
                parts('-', 8, 4, 4, 4, 12));
        for (String prefix : List.of("shpat_", "shpca_", "shppa_", "shpss_")) {
            add("shopify-token", "Shopify tokens and secrets", prefix, CharSet.of("0-9a-fA-F"), 32, 32, RANDOM);
        }
        for (String prefix : List.of("EZAK", "EZTK")) {
            add("easypost-key", "EasyPost keys", prefix, ALNUM, 54, 54, RANDOM);
        }
        add("flutterwave-key", "Flutterwave secret keys", "FLWSECK-", CharSet.of("0-9a-zA-Z-"), 32, 40, RANDOM);
        add("shippo-token", "Shippo tokens", "shippo_live_", HEX, 40, 40, RANDOM);
        add("razorpay-key", "Razorpay live keys", "rzp_live_", ALNUM, 14, 14, RANDOM);
    }

    private void talk() {
        for (String prefix : List.of("xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxe-", "xapp-")) {
            add("slack-token", "Slack tokens", prefix, CharSet.of("0-9A-Za-z-"), 24, 170, RANDOM);
        }
        add("slack-webhook", "Slack webhook addresses", "hooks.slack.com/services/", SLASHED, 40, 60, RANDOM);
        add("discord-webhook", "Discord webhook addresses", "discord.com/api/webhooks/", SLASHED, 80, 100, RANDOM);
        add("teams-webhook", "Teams webhook addresses", "webhook.office.com/webhookb2/", PERCENT, 120, 240, RANDOM);
        add("twilio-key", "Twilio API keys", "SK", HEX, 32, 32, RANDOM);
        add("sendgrid-key", "SendGrid keys", "SG.", DOTTED, 66, 66, parts('.', 22, 43));
        add("mailgun-key", "Mailgun keys", "key-", HEX, 32, 32, RANDOM);
        add("brevo-key", "Brevo (Sendinblue) keys", "xkeysib-", CharSet.of("0-9A-Za-z-"), 81, 81, parts('-', 64, 16));
        add("resend-key", "Resend keys", "re_", CharSet.WORD, 33, 33, parts('_', 8, 24));
    }

    private void work() {
        add("linear-key", "Linear API keys", "lin_api_", ALNUM, 40, 40, RANDOM);
        add("notion-token", "Notion tokens", "ntn_", ALNUM, 43, 46, RANDOM);
        add("airtable-token", "Airtable personal tokens", "pat", CharSet.of("0-9A-Za-z."), 79, 79, parts('.', 14, 64));
        add("figma-token", "Figma tokens", "figd_", URL64, 40, 44, RANDOM);
        add("typeform-token", "Typeform tokens", "tfp_", CharSet.of("0-9A-Za-z_.=-"), 44, 64, RANDOM);
        add("contentful-token", "Contentful personal tokens", "CFPAT-", URL64, 43, 43, RANDOM);
        add("adafruit-key", "Adafruit IO keys", "aio_", ALNUM, 28, 28, RANDOM);
        add("readme-key", "ReadMe keys", "rdme_", LOWER_DIGITS, 70, 70, RANDOM);
        add(
                "hubspot-token",
                "HubSpot private app tokens",
                "pat-na1-",
                CharSet.of("0-9a-f-"),
                36,
                36,
                parts('-', 8, 4, 4, 4, 12));
        add("mapbox-token", "Mapbox secret tokens", "sk.eyJ", DOTTED, 60, 200, RANDOM);
        add("reeve-key", "keys of Reeve itself, with their CRC-32", "reeve_", ALNUM, 36, 36, CRC_OF_ALL);
        for (String prefix : List.of("reevec_", "reevea_", "reevep_", "reeveu_", "reevei_", "reevef_")) {
            add("reeve-key", "keys of Reeve itself, with their CRC-32", prefix, ALNUM, 36, 36, CRC_OF_ALL);
        }
    }

    private void running() {
        for (String prefix : List.of("hvs.", "hvb.", "hvr.")) {
            add("vault-token", "HashiCorp Vault tokens", prefix, URL64, 24, 300, RANDOM);
        }
        add("pulumi-token", "Pulumi tokens", "pul-", HEX, 40, 40, RANDOM);
        for (String prefix : List.of("dp.pt.", "dp.st.", "dp.ct.", "dp.sa.")) {
            add("doppler-token", "Doppler tokens", prefix, CharSet.of("0-9A-Za-z_.-"), 40, 72, RANDOM);
        }
        add(
                "onepassword-token",
                "1Password service account tokens",
                "ops_eyJ",
                CharSet.of("0-9A-Za-z_=-"),
                250,
                2_000,
                RANDOM);
        add("databricks-token", "Databricks tokens", "dapi", HEX, 32, 32, RANDOM);
        for (String prefix : List.of("pscale_tkn_", "pscale_pw_", "pscale_oauth_")) {
            add("planetscale-secret", "PlanetScale tokens and passwords", prefix, DOTTED, 32, 64, RANDOM);
        }
        add("supabase-token", "Supabase tokens", "sbp_", HEX, 40, 40, RANDOM);
        add("neon-key", "Neon API keys", "napi_", LOWER_DIGITS, 64, 64, RANDOM);
        add("newrelic-key", "New Relic user keys", "NRAK-", UPPER_DIGITS, 27, 27, RANDOM);
        add("newrelic-insert-key", "New Relic insert keys", "NRII-", URL64, 32, 32, RANDOM);
        add(
                "grafana-service-token",
                "Grafana service account tokens",
                "glsa_",
                CharSet.WORD,
                41,
                41,
                parts('_', 32, 8));
        add("grafana-cloud-token", "Grafana Cloud tokens", "glc_", CharSet.of("0-9A-Za-z+/="), 32, 400, RANDOM);
        for (String prefix : List.of("sntrys_", "sntryu_")) {
            add("sentry-token", "Sentry tokens", prefix, CharSet.of("0-9A-Za-z+/=_"), 64, 400, RANDOM);
        }
        add("dynatrace-token", "Dynatrace tokens", "dt0c01.", CharSet.of("0-9A-Z."), 89, 89, parts('.', 24, 64));
        add("tailscale-key", "Tailscale keys", "tskey-", CharSet.of("0-9A-Za-z-"), 24, 80, RANDOM);
        add("openshift-token", "OpenShift tokens", "sha256~", URL64, 43, 43, RANDOM);
        add("prefect-key", "Prefect keys", "pnu_", LOWER_DIGITS, 36, 36, RANDOM);
        add("launchdarkly-key", "LaunchDarkly keys", "api-", CharSet.of("0-9a-f-"), 36, 36, parts('-', 8, 4, 4, 4, 12));
        add("terraform-token", "Terraform Cloud tokens", "atlasv1.", BASE64, 60, 70, RANDOM);
        add("confluent-secret", "Confluent Cloud secrets", "cflt", CharSet.of("0-9A-Za-z+/"), 60, 60, RANDOM);
    }
}
