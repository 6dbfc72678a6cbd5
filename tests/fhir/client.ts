import { expect } from 'vitest'

import { DEMO_PASSWORD, staffLogin } from '../../apps/cli/sandbox/seed.ts'
import { assert } from '../../kernel/assert.ts'
import type { Role } from '../../platform/principal.ts'
import { type Bed, OURS } from '../journeys/bad-input/bed.ts'
import { problemsOf } from './validator.ts'

// A FHIR client over HTTP that takes nothing on trust: every answer is held against HL7's definitions.

export type Fhir = ReturnType<typeof fhirAs>

export type Answer = { status: number; text: string; body: Body; headers: Headers }

export type Body = {
  resourceType: string
  id: string
  status: string
  total: number
  link: { relation: string; url: string }[]
  entry?: { fullUrl: string; resource: Body; search: { mode: string; score?: number } }[]
  issue: { severity: string; code: string; details?: { coding: { code: string }[] } }[]
  [name: string]: unknown
}

type Proof = Record<string, string>
type Wish = { prefer?: string; contentType?: string; accept?: string }

/** Somebody who proves by these headers who they are, at our hospital's FHIR. */
export function fhirAs({ hubUrl }: Pick<Bed, 'hubUrl'>, proof: Proof, hospitalId: number = OURS) {
  const base = `${hubUrl}/v1/fhir/${hospitalId}`
  return {
    base,
    proof,
    get: (path: string, wish: Wish = {}) => ask('GET', path, undefined, wish),
    post: (path: string, body: object | string, wish: Wish = {}) => ask('POST', path, body, wish),
    search: (type: string, form: Record<string, string>) =>
      ask('POST', `${type}/_search`, String(new URLSearchParams(form)), {
        contentType: 'application/x-www-form-urlencoded',
      }),
    at: (other: number) => fhirAs({ hubUrl }, proof, other),
  }

  async function ask(
    method: 'GET' | 'POST',
    path: string,
    body: object | string | undefined,
    { prefer, contentType = 'application/fhir+json', accept }: Wish,
  ): Promise<Answer> {
    // A link of an answer is of the hub's public address; here it is reached at another.
    const url = path.startsWith('http')
      ? `${base}${path.split(`/fhir/${hospitalId}`)[1]}`
      : `${base}/${path}`
    const response = await fetch(url, {
      method,
      headers: {
        ...proof,
        ...(prefer === undefined ? {} : { prefer }),
        ...(accept === undefined ? {} : { accept }),
        ...(body === undefined ? {} : { 'content-type': contentType }),
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const answer = JSON.parse(text) as Body
    if (!path.startsWith('.well-known')) {
      expect(response.headers.get('content-type')).toBe('application/fhir+json; charset=utf-8')
      expect(problemsOf(answer)).toEqual([])
    }
    return { status: response.status, text, body: answer, headers: response.headers }
  }
}

export const nobody = (bed: Bed) => fhirAs(bed, {})

export const asPatient = (bed: Bed, { phone }: { phone: string }) => signedIn(bed, 'patient', phone)

export const asStaff = (bed: Bed, role: Role) => signedIn(bed, 'console', staffLogin(OURS, role))

async function signedIn(bed: Bed, app: 'patient' | 'console', login: string): Promise<Fhir> {
  const response = await fetch(`${bed.hubUrl}/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ app, login, password: DEMO_PASSWORD }),
  })
  const [cookie] = (response.headers.getSetCookie()[0] ?? '').split(';')
  assert(response.status === 201 && cookie, `${login} signs in`)
  return fhirAs(bed, { cookie, 'x-yiqiao-app': app })
}

/** By an application's client credentials, as every SMART backend service has it. */
export async function asApplication(
  bed: Bed,
  { clientId, clientSecret }: { clientId: string; clientSecret: string },
): Promise<Fhir> {
  const fields = {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
  }
  const response = await fetch(`${bed.hubUrl}/v1/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams(fields),
  })
  const { access_token: token } = (await response.json()) as { access_token: string }
  return fhirAs(bed, { authorization: `Bearer ${token}` })
}

export const found = ({ body }: Answer): Body[] =>
  (body.entry ?? []).flatMap(({ resource, search }) => (search.mode === 'match' ? [resource] : []))

export const linkTo = ({ body }: Answer, relation: string): string | undefined =>
  body.link.find((link) => link.relation === relation)?.url

export const issueOf = ({ status, body }: Answer) => ({
  status,
  severity: body.issue[0]?.severity,
  code: body.issue[0]?.code,
  error: body.issue[0]?.details?.coding[0]?.code,
})

export const parameters = (values: Record<string, object>) => ({
  resourceType: 'Parameters',
  parameter: Object.entries(values).map(([name, value]) => ({ name, ...value })),
})
