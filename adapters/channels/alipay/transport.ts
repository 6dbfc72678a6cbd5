import { type Limits, type Received, sendOnce } from '../../../platform/outgoing/send.ts'

/** `form` is posted; without one the address is fetched. */
type WireRequest = { url: string; form: Readonly<Record<string, string>> | null }

export function sendForm({ url, form }: WireRequest, limits: Limits): Promise<Received> {
  const headers = { accept: '*/*' }
  if (form === null) return sendOnce(url, { method: 'GET', headers, body: '' }, limits)
  const body = new URLSearchParams(form).toString()
  return sendOnce(url, { method: 'POST', headers: { ...headers, ...OF_FORM }, body }, limits)
}

const OF_FORM = { 'content-type': 'application/x-www-form-urlencoded;charset=utf-8' }
