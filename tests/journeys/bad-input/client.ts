import { randomUUID } from 'node:crypto'

import { DEMO_PASSWORD, staffLogin } from '../../../apps/cli/sandbox/seed.ts'
import { assert } from '../../../kernel/assert.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import type { Role } from '../../../platform/principal.ts'
import { type Bed, OURS } from './bed.ts'

/** An answer of the API as it came. The body is empty where there is none. */
export type Answer = { status: number; contentType: string; body: Record<string, unknown> }

/** A body as JSON, or the bytes themselves where they are no JSON of ours; of a stream, nobody knows the length. */
export type Body = object | string | Buffer | ReadableStream

export type Headers = Record<string, string>

/** One request over HTTP. */
export async function send(
  url: string,
  method: 'GET' | 'POST',
  headers: Headers,
  body?: Body,
): Promise<Answer> {
  const isStream = body instanceof ReadableStream
  const isRaw = typeof body === 'string' || Buffer.isBuffer(body) || isStream
  const response = await fetch(url, {
    method,
    headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: isRaw ? body : JSON.stringify(body) }),
    ...(isStream ? { duplex: 'half' } : {}),
  })
  const text = await response.text()
  return {
    status: response.status,
    contentType: response.headers.get('content-type') ?? '',
    body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
  }
}

export type Caller = {
  get(path: string): Promise<Answer>
  /** A request about money has an idempotency key of its own unless one is given. */
  post(path: string, body: Body, headers?: Headers): Promise<Answer>
  /** The same caller at another hospital. */
  at(hospitalId: HospitalId): Caller
}

/** Somebody who proves by these headers who they are, and calls about our hospital. */
export function callerWith(hubUrl: string, proof: Headers, hospitalId = OURS): Caller {
  const urlOf = (path: string) => `${hubUrl}/v1/hospitals/${hospitalId}/${path}`
  return {
    get: (path) => send(urlOf(path), 'GET', proof),
    post: (path, body, headers = {}) =>
      send(urlOf(path), 'POST', { 'idempotency-key': randomUUID(), ...proof, ...headers }, body),
    at: (other) => callerWith(hubUrl, proof, other),
  }
}

export const signInPatient = (bed: Bed, { phone }: { phone: string }): Promise<Caller> =>
  signIn(bed, 'patient', phone)

export const signInFinance = (bed: Bed, id: HospitalId): Promise<Caller> =>
  signInStaff(bed, id, 'finance')

export const signInStaff = (bed: Bed, id: HospitalId, role: Role): Promise<Caller> =>
  signInAs(bed, staffLogin(id, role)).then((caller) => caller.at(id))

export const signInAs = (bed: Bed, login: string): Promise<Caller> => signIn(bed, 'console', login)

async function signIn({ hubUrl }: Bed, app: 'patient' | 'console', login: string): Promise<Caller> {
  const response = await fetch(`${hubUrl}/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ app, login, password: DEMO_PASSWORD }),
  })
  const [cookie] = (response.headers.getSetCookie()[0] ?? '').split(';')
  assert(response.status === 201 && cookie, `${login} signs in: ${response.status}`)
  return callerWith(hubUrl, { cookie, 'x-yiqiao-app': app })
}
