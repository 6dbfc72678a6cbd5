import { percentOf, type ProofTask, solveProof } from './proof-work.ts'

/** What the worker says: how far it is, then the nonce. */
export type ProofWord = { percent: number } | { nonce: string }

// Away from the page, which stays quick under the finger.
const say = (word: ProofWord) => self.postMessage(word)

self.addEventListener('message', ({ data }: MessageEvent<ProofTask>) => {
  const nonce = solveProof(data, (tries) => say({ percent: percentOf(tries, data.bits) }))
  say({ nonce })
})
