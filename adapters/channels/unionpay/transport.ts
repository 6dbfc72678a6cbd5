import { type Limits, type Received, sendOnce } from '../../../platform/outgoing/send.ts'

export const postForm = (url: string, form: string, limits: Limits): Promise<Received> =>
  sendOnce(url, { method: 'POST', headers: OF_FORM, body: form }, limits)

const OF_FORM = { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' }
