import { setTimeout as sleep } from 'node:timers/promises'

import { assert } from '../../../kernel/assert.ts'
import { type Random, randomHex } from '../../../kernel/random.ts'

/** Somebody signed in to the demo: asks with their session, and for money with a key of its own. */
export type Signed = <T>(method: 'GET' | 'POST', path: string, body?: object) => Promise<T>

const MOST_TRIES = 20
const RETRY_MS = 250

/** Errors: throws with what was answered. */
export async function signIn(
  { hubUrl, password, random }: { hubUrl: string; password: string; random: Random },
  app: 'patient' | 'console',
  login: string,
): Promise<Signed> {
  const wish = JSON.stringify({ app, login, password })
  const headers = { 'content-type': 'application/json' }
  const response = await send(`${hubUrl}/v1/sessions`, { method: 'POST', headers, body: wish })
  const [cookie] = (response.headers.getSetCookie()[0] ?? '').split(';')
  assert(response.ok && cookie, `${login} signs in to the demo: ${response.status}`)
  return async <T>(method: 'GET' | 'POST', path: string, body?: object) => {
    const key = { 'idempotency-key': randomHex(random, 16) }
    const own = { cookie, 'x-yiqiao-app': app, ...(method === 'POST' ? key : {}) }
    const answer = await send(hubUrl + path, {
      method,
      headers: body ? { ...own, ...headers } : own,
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const text = await answer.text()
    assert(answer.ok, `${method} ${path} is answered: ${answer.status} ${text}`)
    return JSON.parse(text) as T
  }
}

/** Sends a page's form. Errors: throws when it is not taken. */
export async function sendForm(url: string, fields: Record<string, string>): Promise<void> {
  const page = await send(url, { method: 'POST', body: new URLSearchParams(fields) })
  assert(page.ok, `${url} takes the form: ${page.status}`)
}

/** A busy machine sheds load: nothing was done, and it may be asked again. */
async function send(url: string, init: RequestInit): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(url, init)
    if (response.status !== 503 || attempt >= MOST_TRIES) return response
    await sleep(RETRY_MS)
  }
}
