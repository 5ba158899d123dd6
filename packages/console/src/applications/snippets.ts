export type Snippet = { readonly name: string; readonly text: string };

export type Machine = {
  readonly endpoint: string;
  readonly clientId: string;
  readonly secret: string;
  /** Separated by spaces; empty: the defaults. */
  readonly scope: string;
};

/** The same request in the languages of those who paste it. */
export function snippetsOf({ endpoint, clientId, secret, scope }: Machine): readonly Snippet[] {
  const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  const json = (text: string) => JSON.stringify(text);
  const issuer = endpoint.replace(/\/access_token$/, '');
  return [
    {
      name: 'curl',
      text: [
        `curl --request POST --user ${quoted(`${clientId}:${secret}`)}`,
        `--data "grant_type=client_credentials"`,
        ...(scope === '' ? [] : [`--data ${quoted(`scope=${scope}`)}`]),
        quoted(endpoint),
      ].join(' \\\n  '),
    },
    {
      name: 'Node',
      text: `import { discover, secretBasic, tokenSource } from '@tessera/client';

const source = tokenSource({
  server: await discover(${json(issuer)}),
  authentication: secretBasic(${json(clientId)}, process.env.CLIENT_SECRET),${scope === '' ? '' : `\n  scope: ${json(scope)},`}
});
const { accessToken } = await source.get();`,
    },
    {
      name: 'Python',
      text: `import os, requests

answer = requests.post(
    ${json(endpoint)},
    auth=(${json(clientId)}, os.environ["CLIENT_SECRET"]),
    data={"grant_type": "client_credentials"${scope === '' ? '' : `, "scope": ${json(scope)}`}},
)
answer.raise_for_status()
access_token = answer.json()["access_token"]`,
    },
    {
      name: '.env',
      text: [
        `TOKEN_ENDPOINT=${endpoint}`,
        `CLIENT_ID=${clientId}`,
        `CLIENT_SECRET=${secret}`,
        ...(scope === '' ? [] : [`SCOPE="${scope}"`]),
      ].join('\n'),
    },
  ];
}
