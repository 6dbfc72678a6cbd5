/** What goes back over the wire, and how. A body of null cuts the connection. */
export type Reply = {
  status: number
  contentType: string
  body: string | Uint8Array | null
  delayMs: number
}
