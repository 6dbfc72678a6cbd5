import { Agent, request } from 'undici'

import type { HospitalId } from '../../../../../kernel/id.ts'
import type { Delivery, HubClient } from '../../refund-requests.ts'
import { signRequest, type Signing } from './signing.ts'

/** The calls the HIS makes: section 3 of the standard hospital interface. */
export function createHubClient(
  signing: Signing,
  hubUrl: string,
  hospitalId: HospitalId,
): HubClient & { tell(notice: string, signal: AbortSignal): Promise<Delivery> } {
  const agent = new Agent({ headersTimeout: 10_000, bodyTimeout: 10_000, maxResponseSize: 65_536 })
  const root = `${hubUrl.replace(/\/+$/, '')}/v1/hospitals/${hospitalId}/his`
  return {
    requestRefund: (wish, signal) => send('refund-requests', JSON.stringify(wish), signal),
    tell: (notice, signal) => send('notices', notice, signal),
    close: () => agent.destroy(),
  }

  /** Never throws: a call without an answer is to be made again. Each time it is signed anew. */
  async function send(name: string, text: string, signal: AbortSignal): Promise<Delivery> {
    const url = new URL(`${root}/${name}`)
    const body = Buffer.from(text)
    const signature = signRequest(signing, 'POST', url.pathname, body)
    const headers = { 'content-type': 'application/json', ...signature }
    try {
      const options = { method: 'POST', headers, body, dispatcher: agent, signal } as const
      const response = await request(url, options)
      return readAnswer(response.statusCode, await response.body.text())
    } catch (error) {
      return { status: 'queued', outcome: error instanceof Error ? error.message : 'no answer' }
    }
  }
}

/** Only a refusal in the hub's own words is believed; a gateway's page of HTML is not. */
function readAnswer(statusCode: number, text: string): Delivery {
  const answer = readObject(text)
  if (statusCode >= 200 && statusCode < 300) {
    const refundId = answer?.['refundId']
    return { status: 'acknowledged', outcome: typeof refundId === 'string' ? refundId : null }
  }
  const code = answer?.['code']
  const refused = statusCode >= 400 && statusCode < 500 && !ASK_AGAIN.includes(statusCode)
  if (refused && typeof code === 'string') return { status: 'refused', outcome: code }
  return { status: 'queued', outcome: `HTTP ${statusCode}` }
}

// Timeout, too early, too many: the hub did not take it in.
const ASK_AGAIN = [408, 425, 429]

function readObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : null
  } catch {
    return null
  }
}
