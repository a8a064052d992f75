// ProConnect and FranceConnect as real OpenID providers (oidc-provider), on loopback, in memory.
// Run by `python -m fakes.oidc`. Faithful to: paths under /api/v2, state and nonce of 32 letters at
// least, PKCE S256, userinfo as a signed token, levels (acr), a logout that comes back with `state`.
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { Provider, interactionPolicy } from "oidc-provider";

const { values: said } = parseArgs({
  options: {
    site: { type: "string", multiple: true },
    personas: { type: "string" },
    "proconnect-port": { type: "string", default: "0" },
    "franceconnect-port": { type: "string", default: "0" },
  },
});
const personas = JSON.parse(readFileSync(said.personas, "utf8"));
const escaped = (text) =>
  String(text).replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);

const KINDS = {
  proconnect: {
    name: "ProConnect",
    claims: {
      openid: ["sub"], given_name: ["given_name"], usual_name: ["usual_name"],
      email: ["email"], siret: ["siret"], idp_id: ["idp_id"],
    },
    levels: ["eidas0", "eidas1", "eidas0-mfa", "eidas1-mfa", "eidas2", "eidas3"],
  },
  franceconnect: {
    name: "FranceConnect",
    claims: {
      openid: ["sub"], given_name: ["given_name"], family_name: ["family_name"], email: ["email"],
    },
    levels: ["eidas1", "eidas2", "eidas3"],
  },
};

function page(kind, body) {
  return `<!doctype html><html lang="fr"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${kind.name} (démonstration)</title>
<style>body{font:1.1rem/1.5 sans-serif;max-width:34rem;margin:2rem auto;padding:0 1rem}
button{font:inherit;display:block;width:100%;text-align:left;padding:.8rem;margin:.5rem 0}</style>
<main><h1>${kind.name} <small>(démonstration)</small></h1>${body}</main></html>`;
}

function signingKey(key) {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), kid: `${key}-1`, use: "sig", alg: "RS256" };
}

// Whoever reaches too low a level goes back with it: that the site asks for more is for it to say.
function withoutLevels() {
  const policy = interactionPolicy.base();
  for (const check of ["essential_acrs", "essential_acr"]) policy.get("login").checks.remove(check);
  return policy;
}

function configuration(key, kind, sites) {
  const people = personas[key];
  return {
    jwks: { keys: [signingKey(key)] },
    clients: [{
      client_id: `preau-${key}`,
      client_secret: `secret-of-the-demonstration-${key}`,
      redirect_uris: sites.map((site) => `${site}/connexion/${key}/retour/`),
      post_logout_redirect_uris: sites.map((site) => `${site}/connexion/${key}/fin/`),
      token_endpoint_auth_method: "client_secret_post",
      userinfo_signed_response_alg: "RS256",
    }],
    claims: kind.claims,
    scopes: Object.keys(kind.claims),
    acrValues: kind.levels,
    cookies: {
      keys: ["only for a demonstration"],
      names: { session: `${key}_session`, interaction: `${key}_interaction`, resume: `${key}_resume` },
    },
    pkce: { required: () => true },
    routes: {
      authorization: "/authorize", token: "/token", userinfo: "/userinfo",
      end_session: "/session/end", jwks: "/jwks",
    },
    features: {
      devInteractions: { enabled: false },
      claimsParameter: { enabled: true },
      jwtUserinfo: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        // The true ones ask nothing: the form leaves by itself where scripts run.
        logoutSource: (ctx, form) => {
          ctx.body = page(kind, `${form}
<button form="op.logoutForm" name="logout" value="yes">Fermer ma session ${kind.name}</button>
<script>document.querySelector("button[name=logout]").click()</script>`);
        },
      },
    },
    interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}`,
      policy: withoutLevels() },
    findAccount: (ctx, sub) => ({ accountId: sub, claims: () => ({ ...people[sub], sub }) }),
    loadExistingGrant: async (ctx) => {
      const { client, session, provider, params } = ctx.oidc;
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope(params.scope);
      await grant.save();
      return grant;
    },
    renderError: (ctx, out) => {
      ctx.type = "html";
      ctx.body = page(kind, `<p>${escaped(out.error)}: ${escaped(out.error_description)}</p>`);
    },
    ttl: { Session: 3600, Interaction: 900, AccessToken: 60, AuthorizationCode: 30, IdToken: 60,
      Grant: 3600 },
  };
}

async function interact(key, kind, provider, request, response) {
  const { uid } = await provider.interactionDetails(request, response);
  if (request.method !== "POST") {
    const buttons = Object.entries(personas[key]).map(([sub, one]) =>
      `<button name="sub" value="${escaped(sub)}">${escaped(one.label)}</button>`).join("");
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(page(kind, `<p>Qui êtes-vous ? Ces personnes n’existent pas.</p>
<form method="post" action="/interaction/${uid}">${buttons}
<button name="sub" value="">Annuler</button></form>`));
    return;
  }
  let body = "";
  for await (const part of request) body += part;
  const sub = new URLSearchParams(body).get("sub");
  const result = personas[key][sub]
    ? { login: { accountId: sub, acr: personas[key][sub].acr } }
    : { error: "access_denied", error_description: "User auth aborted" };
  await provider.interactionFinished(request, response, result);
}

function isTooShort(url) {
  const query = new URL(url, "http://loopback").searchParams;
  return ["state", "nonce"].some((name) => (query.get(name) ?? "").length < 32);
}

async function open(key, port) {
  const kind = KINDS[key];
  const server = createServer();
  await new Promise((done) => server.listen(port, "127.0.0.1", done));
  const issuer = `http://127.0.0.1:${server.address().port}/api/v2`;
  const provider = new Provider(issuer, configuration(key, kind, said.site));
  const answer = provider.callback();
  server.on("request", async (request, response) => {
    try {
      if (request.url.startsWith("/interaction/")) {
        return await interact(key, kind, provider, request, response);
      }
      if (!request.url.startsWith("/api/v2/")) {
        response.statusCode = 404;
        return response.end("not found");
      }
      if (request.url.startsWith("/api/v2/authorize?") && isTooShort(request.url)) {
        response.statusCode = 400;
        return response.end("state and nonce need 32 letters");
      }
      request.originalUrl = request.url;
      request.url = request.url.slice("/api/v2".length);
      return await answer(request, response);
    } catch (error) {
      response.statusCode = 400;
      return response.end(escaped(error.message));
    }
  });
  return issuer;
}

const opened = {};
for (const key of Object.keys(KINDS)) opened[key] = await open(key, Number(said[`${key}-port`]));
console.log(JSON.stringify(opened));
