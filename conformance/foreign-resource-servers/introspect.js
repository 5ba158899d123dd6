const AUDIENCE = 'https://api.example.com';
const SCOPE = 'config:read';

async function decide(r) {
  const presented = /^Bearer ([\w.~+/-]+=*)$/i.exec(r.headersIn.Authorization || '');
  if (presented === null) return refuse(r, 401, 'Bearer');

  const body = `token=${encodeURIComponent(presented[1])}`;
  const answer = await r.subrequest('/_introspect', { method: 'POST', body });
  // nginx makes a 500 of everything but 401 and 403: not knowing is not refusing.
  if (answer.status !== 200) return r.return(503);

  const token = JSON.parse(answer.responseText);
  if (!token.active || !hasAudience(token.aud))
    return refuse(r, 401, 'Bearer error="invalid_token"');
  if (!(token.scope || '').split(' ').includes(SCOPE)) return r.return(403);
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

export default { decide };
