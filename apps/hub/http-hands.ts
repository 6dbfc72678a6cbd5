import { request } from 'undici'

import {
  type Fixtures,
  HAND_NAMES,
  type HandName,
  type Hands,
  noHands,
} from '../../modules/hospitals/index.ts'

/** A sandbox that does not move as its fixtures say: the message says how. */
export class HandsFailed extends Error {}

const TIMEOUT_MS = 30_000
const MOST_TEXT = 200

/** The hands of a sandbox over HTTP: docs/interface/conformance.md. Errors: HandsFailed when it does not say what it offers. */
export async function openHttpHands(fixtures: Fixtures): Promise<Hands> {
  if (fixtures.hands === undefined) return noHands
  const { url, token } = fixtures.hands
  const root = url.replace(/\/+$/, '')
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const offered = await ask(root, { method: 'GET', headers })
  const names = namesOf(offered)
  if (names === null) throw new HandsFailed(`${root} does not say {"hands": [...]}`)
  return {
    offers: new Set(HAND_NAMES.filter((name) => names.includes(name))),
    use(name: HandName, body: object) {
      const json = { ...headers, 'content-type': 'application/json' }
      return ask(`${root}/${name}`, { method: 'POST', headers: json, body: JSON.stringify(body) })
    },
  }
}

type Asked = { method: 'GET' | 'POST'; headers: Record<string, string>; body?: string }

async function ask(url: string, { method, headers, body }: Asked): Promise<unknown> {
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  const response = await request(url, { method, headers, body: body ?? null, signal })
  const text = await response.body.text()
  if (response.statusCode !== 200) {
    throw new HandsFailed(`HTTP ${response.statusCode} ${text.slice(0, MOST_TEXT)}`)
  }
  return JSON.parse(text) as unknown
}

function namesOf(offered: unknown): unknown[] | null {
  const isObject = typeof offered === 'object' && offered !== null && 'hands' in offered
  return isObject && Array.isArray(offered.hands) ? (offered.hands as unknown[]) : null
}
