import { UNREACHABLE } from '../../web/problem.ts'
import type { StatementFile } from './model.ts'

/** As much as the hub takes of one upload. */
export const MOST_UPLOAD_BYTES = 268_435_456

export type Wish = { source: string; date?: string; layout?: string }

export type Sent = { isKnown: boolean; file: StatementFile }

/**
 * Hands a file in as it is. fetch tells nothing of how far an upload is, so the older request does it.
 *
 * Errors: rejects with the problem the hub answers, or a TypeError where no answer came, as fetch does.
 */
export function sendFile(
  hospitalId: number,
  { source, date, layout }: Wish,
  file: File,
  onProgress: (percent: number) => void,
): Promise<Sent> {
  const query = new URLSearchParams({ source, name: file.name })
  if (date) query.set('date', date)
  if (layout) query.set('layout', layout)
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', `/v1/hospitals/${hospitalId}/statement-files?${query.toString()}`)
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.setRequestHeader('x-yiqiao-app', 'console')
    request.responseType = 'json'
    request.upload.onprogress = ({ loaded, total }) =>
      onProgress(total === 0 ? 100 : Math.floor((100 * loaded) / total))
    request.onload = () => {
      const { status, response } = request
      if (status === 200 || status === 201) {
        resolve({ isKnown: status === 200, file: response as StatementFile })
      } else {
        reject(response instanceof Object ? response : new TypeError(UNREACHABLE))
      }
    }
    request.onerror = () => reject(new TypeError(UNREACHABLE))
    request.send(file)
  })
}
