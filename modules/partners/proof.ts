/** How an application proved that a request is its own: an access token, a signature over it, or its client secret. */
export const PROOFS = ['token', 'signature', 'secret'] as const

export type Proof = (typeof PROOFS)[number]
