// An OpenID Connect provider for tests: npm's certified oidc-provider with the users, the client and the redirect addresses that a test
// gives it in RUCHE_OIDC_PEER. Signing in is one form without a password. It says where it listens and ends with its test.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import Provider from "oidc-provider";

const { clientID, clientSecret, redirectURIs, logoutURI, leftURI, users } = JSON.parse(process.env.RUCHE_OIDC_PEER);

const server = createServer().listen(0, "127.0.0.1");
await once(server, "listening");
const issuer = `http://127.0.0.1:${server.address().port}`;

const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });

const provider = new Provider(issuer, {
  clients: [{ client_id: clientID, client_secret: clientSecret, redirect_uris: redirectURIs, post_logout_redirect_uris: [leftURI],
    backchannel_logout_uri: logoutURI, backchannel_logout_session_required: true }],
  jwks: { keys: [{ ...key, kid: "test", use: "sig", alg: "RS256" }] },
  cookies: { keys: [randomBytes(16).toString("hex")] },
  scopes: ["openid", "profile", "email", "groups"],
  claims: { openid: ["sub"], profile: ["name", "locale", "oid"], email: ["email", "email_verified"], groups: ["groups"] },
  conformIdTokenClaims: false, // claims come in the ID token too, as most companies' providers send them
  pkce: { required: () => true },
  ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
  features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
  interactions: { url: (ctx, interaction) => `/sign-in/${interaction.uid}` },
  findAccount: (ctx, id) => {
    const user = users.find((user) => user.sub === id);
    return user && { accountId: id, claims: () => user };
  },
  // Nobody is asked for consent: the company that runs the provider has given it.
  loadExistingGrant: async (ctx) => {
    const grant = new provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope("openid profile email groups");
    await grant.save();
    return grant;
  },
});

const form = (problem) => `<!doctype html><html lang="en"><title>Test provider</title><h1>Sign in to the test provider</h1><p>${problem}</p>
<form method="post"><label>Account <input name="login" autofocus></label> <button>Sign in</button> <button name="refuse" value="1">Refuse</button></form>`;

async function signIn(request, response) {
  if (request.method !== "POST") return response.setHeader("Content-Type", "text/html").end(form(""));
  let body = "";
  for await (const chunk of request) body += chunk;
  const answer = new URLSearchParams(body);
  if (answer.has("refuse")) {
    return provider.interactionFinished(request, response, { error: "access_denied", error_description: "refused by the test" });
  }
  if (!users.some((user) => user.sub === answer.get("login"))) {
    response.statusCode = 422;
    return response.setHeader("Content-Type", "text/html").end(form("There is no such account."));
  }
  return provider.interactionFinished(request, response, { login: { accountId: answer.get("login") } });
}

const other = provider.callback();
server.on("request", (request, response) => {
  if (!request.url.startsWith("/sign-in/")) return other(request, response);
  signIn(request, response).catch((problem) => {
    console.error(problem);
    response.writeHead(500).end();
  });
});

console.log(`listening ${issuer}`);
