import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What somebody answers to a form. */
export type Stranger = (response: ServerResponse, form: URLSearchParams) => void

/** Whoever answers in the bank's place, and always the same. */
export async function openStranger(answer: Stranger) {
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => void chunks.push(chunk))
    incoming.on('end', () =>
      answer(response, new URLSearchParams(Buffer.concat(chunks).toString('utf8'))),
    )
  })
  await new Promise<void>((open) => void server.listen(0, '127.0.0.1', open))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}
