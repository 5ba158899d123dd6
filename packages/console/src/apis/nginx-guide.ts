/**
 * nginx in front of an API, as docs/apis/other-libraries.md has it: it introspects each token, so
 * the API behind it needs no library.
 */
export function nginxFiles({
  issuer,
  audience,
  scopes: [scope],
  basic,
  path,
}: {
  readonly issuer: string;
  readonly audience: string;
  readonly scopes: readonly string[];
  readonly basic: string;
  readonly path: string;
}): readonly { readonly name: string; readonly text: string }[] {
  const quote = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const tls = issuer.startsWith('https:')
    ? `
        proxy_ssl_server_name on;
        proxy_ssl_verify on;
        proxy_ssl_trusted_certificate /etc/ssl/certs/ca-certificates.crt;`
    : '';
  return [
    {
      name: 'nginx.conf',
      text: `# In the http block. \`load_module modules/ngx_http_js_module.so;\` stands before it.
js_import /etc/nginx/introspect.js;
proxy_cache_path /var/cache/nginx/tokens keys_zone=tokens:1m;

server {
    listen 8081;

    location ${path} {
        auth_request /_token;
        auth_request_set $client_id $sent_http_x_client_id;
        proxy_set_header X-Client-Id $client_id;
        proxy_pass http://127.0.0.1:9000;
    }

    location = /_token {
        internal;
        js_content introspect.decide;
    }

    location = /_introspect {
        internal;
        proxy_pass ${issuer}/introspect;${tls}
        proxy_pass_request_headers off;
        # client id and secret of this API, as base64
        proxy_set_header Authorization "Basic ${basic}";
        proxy_set_header Content-Type application/x-www-form-urlencoded;
        # a revoked token is known for as long as this
        proxy_cache tokens;
        proxy_cache_methods POST;
        proxy_cache_key $request_body;
        proxy_cache_valid 200 5s;
        proxy_ignore_headers Cache-Control Expires;
    }
}`,
    },
    {
      name: '/etc/nginx/introspect.js',
      text: `const AUDIENCE = ${quote(audience)};${
        scope === undefined ? '' : `\nconst SCOPE = ${quote(scope)};`
      }

async function decide(r) {
  const presented = /^Bearer ([\\w.~+/-]+=*)$/i.exec(r.headersIn.Authorization || '');
  if (presented === null) return refuse(r, 401, 'Bearer');

  const body = \`token=\${encodeURIComponent(presented[1])}\`;
  const answer = await r.subrequest('/_introspect', { method: 'POST', body });
  // nginx makes a 500 of everything but 401 and 403: not knowing is not refusing.
  if (answer.status !== 200) return r.return(503);

  const token = JSON.parse(answer.responseText);
  if (!token.active || !hasAudience(token.aud))
    return refuse(r, 401, 'Bearer error="invalid_token"');${
      scope === undefined
        ? ''
        : "\n  if (!(token.scope || '').split(' ').includes(SCOPE)) return r.return(403);"
    }
  r.headersOut['X-Client-Id'] = token.client_id;
  r.return(204);
}

function hasAudience(aud) {
  return Array.isArray(aud) ? aud.includes(AUDIENCE) : aud === AUDIENCE;
}

function refuse(r, status, challenge) {
  r.headersOut['WWW-Authenticate'] = challenge;
  r.return(status);
}

export default { decide };`,
    },
  ];
}
