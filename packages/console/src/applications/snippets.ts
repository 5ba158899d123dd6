export type Snippet = {
  readonly name: string;
  readonly text: string;
  /** Where it goes, or what it needs beside what the language brings. */
  readonly hint?: string;
};

export type Machine = {
  readonly endpoint: string;
  readonly clientId: string;
  readonly secret: string;
  /** Separated by spaces; empty: the defaults. */
  readonly scope: string;
};

/**
 * The same request in the languages of those who paste it. The secret stands in the curl line alone:
 * programs read it from `CLIENT_SECRET`, where it does not end up in a repository.
 */
export function snippetsOf(machine: Machine): readonly Snippet[] {
  return [
    { name: 'curl', text: curl(machine) },
    { name: 'Node', text: node(machine), hint: 'npm install @tessera/client' },
    { name: 'Python', text: python(machine), hint: 'pip install requests' },
    { name: 'Go', text: go(machine), hint: 'go get golang.org/x/oauth2' },
    { name: 'Java', text: java(machine), hint: 'java Token.java, from version 17' },
    { name: '.NET', text: dotnet(machine), hint: 'Program.cs, from version 8' },
    {
      name: 'Terraform',
      text: terraform(machine),
      hint: 'The secret as TF_VAR_client_secret. What a data source reads stays in the state: guard it.',
    },
    { name: 'Spring', text: spring(machine), hint: 'application.yml of Spring Security' },
  ];
}

/** RFC 6749 §2.3.1: id and secret are form-encoded before they are joined. */
const encode = (text: string): string => new URLSearchParams({ t: text }).toString().slice(2);

const shell = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Of JavaScript, Python, Go, Java, C# and YAML: what JSON escapes, all of them read. */
const literal = (text: string): string => JSON.stringify(text);

/** A template begins with `${` or `%{` unless its sign is doubled. */
const hcl = (text: string): string => literal(text).replaceAll(/([$%])\{/g, '$1$1{');

const lines = (...parts: readonly (string | false)[]): string =>
  parts.filter((part) => part !== false).join('\n');

const curl = ({ endpoint, clientId, secret, scope }: Machine): string =>
  [
    `curl --request POST --user ${shell(`${encode(clientId)}:${encode(secret)}`)}`,
    '--data grant_type=client_credentials',
    ...(scope === '' ? [] : [`--data-urlencode ${shell(`scope=${scope}`)}`]),
    shell(endpoint),
  ].join(' \\\n  ');

const node = ({ endpoint, clientId, scope }: Machine): string =>
  lines(
    `import { secretBasic, tokenSource } from '@tessera/client';`,
    '',
    'const source = tokenSource({',
    `  issuer: ${literal(endpoint.replace(/\/access_token$/, ''))},`,
    `  clientId: ${literal(clientId)},`,
    '  authenticate: secretBasic(process.env.CLIENT_SECRET),',
    scope !== '' && `  scope: ${literal(scope)},`,
    '});',
    'const accessToken = await source.token();',
  );

const python = ({ endpoint, clientId, scope }: Machine): string =>
  lines(
    'import os',
    'from urllib.parse import quote_plus',
    '',
    'import requests',
    '',
    'answer = requests.post(',
    `    ${literal(endpoint)},`,
    `    auth=(quote_plus(${literal(clientId)}), quote_plus(os.environ["CLIENT_SECRET"])),`,
    '    data={',
    '        "grant_type": "client_credentials",',
    scope !== '' && `        "scope": ${literal(scope)},`,
    '    },',
    '    timeout=10,',
    ')',
    'answer.raise_for_status()',
    'access_token = answer.json()["access_token"]',
  );

const go = ({ endpoint, clientId, scope }: Machine): string =>
  lines(
    'package main',
    '',
    'import (',
    '\t"context"',
    '\t"fmt"',
    '\t"log"',
    '\t"os"',
    '',
    '\t"golang.org/x/oauth2"',
    '\t"golang.org/x/oauth2/clientcredentials"',
    ')',
    '',
    'func main() {',
    '\tconfig := clientcredentials.Config{',
    `\t\tClientID:     ${literal(clientId)},`,
    '\t\tClientSecret: os.Getenv("CLIENT_SECRET"),',
    `\t\tTokenURL:     ${literal(endpoint)},`,
    '\t\tAuthStyle:    oauth2.AuthStyleInHeader,',
    scope !== '' && `\t\tScopes:       []string{${scope.split(' ').map(literal).join(', ')}},`,
    '\t}',
    '\t// config.Client(ctx) is an http.Client that sends the token, and renews it.',
    '\ttoken, err := config.Token(context.Background())',
    '\tif err != nil {',
    '\t\tlog.Fatal(err)',
    '\t}',
    '\tfmt.Println(token.AccessToken)',
    '}',
  );

const java = ({ endpoint, clientId, scope }: Machine): string =>
  lines(
    'import static java.nio.charset.StandardCharsets.UTF_8;',
    '',
    'import java.net.URI;',
    'import java.net.URLEncoder;',
    'import java.net.http.HttpClient;',
    'import java.net.http.HttpRequest;',
    'import java.net.http.HttpResponse.BodyHandlers;',
    'import java.util.Base64;',
    '',
    'public class Token {',
    '  public static void main(String[] arguments) throws Exception {',
    `    var id = URLEncoder.encode(${literal(clientId)}, UTF_8);`,
    '    var secret = URLEncoder.encode(System.getenv("CLIENT_SECRET"), UTF_8);',
    '    var basic = Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(UTF_8));',
    '    var form = "grant_type=client_credentials"',
    scope === ''
      ? '        + "";'
      : `        + "&scope=" + URLEncoder.encode(${literal(scope)}, UTF_8);`,
    `    var request = HttpRequest.newBuilder(URI.create(${literal(endpoint)}))`,
    '        .header("Authorization", "Basic " + basic)',
    '        .header("Content-Type", "application/x-www-form-urlencoded")',
    '        .POST(HttpRequest.BodyPublishers.ofString(form))',
    '        .build();',
    '    var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());',
    '    if (answer.statusCode() != 200) throw new IllegalStateException(answer.body());',
    '    System.out.println(answer.body());',
    '  }',
    '}',
  ).replace('"grant_type=client_credentials"\n        + "";', '"grant_type=client_credentials";');

const dotnet = ({ endpoint, clientId, scope }: Machine): string =>
  lines(
    'using System.Net.Http.Headers;',
    'using System.Net.Http.Json;',
    'using System.Text;',
    'using System.Text.Json;',
    '',
    `var id = Uri.EscapeDataString(${literal(clientId)});`,
    'var secret = Uri.EscapeDataString(Environment.GetEnvironmentVariable("CLIENT_SECRET")!);',
    '',
    'using var http = new HttpClient();',
    `using var request = new HttpRequestMessage(HttpMethod.Post, ${literal(endpoint)})`,
    '{',
    '    Content = new FormUrlEncodedContent(new Dictionary<string, string>',
    '    {',
    '        ["grant_type"] = "client_credentials",',
    scope !== '' && `        ["scope"] = ${literal(scope)},`,
    '    }),',
    '};',
    'request.Headers.Authorization = new AuthenticationHeaderValue(',
    '    "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}")));',
    'var answer = await http.SendAsync(request);',
    'answer.EnsureSuccessStatusCode();',
    'var body = await answer.Content.ReadFromJsonAsync<JsonElement>();',
    'var accessToken = body.GetProperty("access_token").GetString();',
  );

const terraform = ({ endpoint, clientId, scope }: Machine): string =>
  lines(
    'variable "client_secret" {',
    '  type      = string',
    '  sensitive = true',
    '}',
    '',
    'locals {',
    `  client_id = ${hcl(clientId)}`,
    scope !== '' && `  scope     = ${hcl(scope)}`,
    '}',
    '',
    'data "http" "token" {',
    `  url    = ${hcl(endpoint)}`,
    '  method = "POST"',
    '  request_headers = {',
    '    Content-Type  = "application/x-www-form-urlencoded"',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the code that is shown has it
    '    Authorization = "Basic ${base64encode("${urlencode(local.client_id)}:${urlencode(var.client_secret)}")}"',
    '  }',
    scope === ''
      ? '  request_body = "grant_type=client_credentials"'
      : // biome-ignore lint/suspicious/noTemplateCurlyInString: the code that is shown has it
        '  request_body = "grant_type=client_credentials&scope=${urlencode(local.scope)}"',
    '}',
    '',
    'locals {',
    '  access_token = sensitive(jsondecode(data.http.token.response_body).access_token)',
    '}',
  );

const spring = ({ endpoint, clientId, scope }: Machine): string =>
  lines(
    'spring:',
    '  security:',
    '    oauth2:',
    '      client:',
    '        registration:',
    '          tessera:',
    `            client-id: ${literal(clientId)}`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the settings that are shown have it
    '            client-secret: ${CLIENT_SECRET}',
    '            client-authentication-method: client_secret_basic',
    '            authorization-grant-type: client_credentials',
    scope !== '' && `            scope: [${scope.split(' ').map(literal).join(', ')}]`,
    '        provider:',
    '          tessera:',
    `            token-uri: ${literal(endpoint)}`,
  );
