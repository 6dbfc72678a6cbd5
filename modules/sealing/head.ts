import type { HospitalId } from '../../kernel/id.ts'
import { textHash, type TreeHash } from './hashing.ts'
import type { HeadSignature, PartnerSignature, Signer } from './signature.ts'

/** What was sealed of a log so far, signed, and following the head before it. */
export type Head = {
  readonly hospitalId: HospitalId
  readonly log: string
  readonly size: number
  readonly previousSize: number
  readonly treeHash: TreeHash
  readonly root: Buffer
  /** The hash of the text of the head before; null for the first. */
  readonly previousHash: Buffer | null
  readonly sealedAt: Date
  /** The largest id sealed so far; no part of what is signed. */
  readonly newestItem: string
  readonly keyId: string
  readonly signatureAlgorithm: HeadSignature
  readonly publicKey: string
  readonly signature: string
}

const HEAD_FORM = 'yiqiao/tree-head/1'

/**
 * What is signed: a JSON array as JSON.stringify writes it, with form, hospital, log, hash, size, root, the hash of the
 * head before, the moment in UTC with milliseconds, and the key. Hashes are lower-case hex.
 */
export const headText = (head: Omit<Head, 'signature' | 'newestItem'>): string =>
  JSON.stringify([
    HEAD_FORM,
    head.hospitalId,
    head.log,
    head.treeHash,
    head.size,
    head.root.toString('hex'),
    head.previousHash?.toString('hex') ?? null,
    head.sealedAt.toISOString(),
    head.keyId,
  ])

/** What the next head carries of this one. */
export const headHash = (head: Omit<Head, 'signature' | 'newestItem'>): Buffer =>
  textHash(head.treeHash, headText(head))

export function signHead(
  signer: Signer,
  facts: Omit<Head, 'keyId' | 'signatureAlgorithm' | 'publicKey' | 'signature'>,
): Head {
  const { keyId, algorithm: signatureAlgorithm, publicKey } = signer
  const unsigned = { ...facts, keyId, signatureAlgorithm, publicKey }
  return { ...unsigned, signature: signer.sign(headText(unsigned)) }
}

/** A partner has seen a head. */
export type Countersignature = {
  readonly applicationId: string
  readonly keyId: string
  readonly algorithm: PartnerSignature
  readonly publicKey: string
  readonly signature: string
  readonly signedAt: Date
}

const COUNTERSIGNATURE_FORM = 'yiqiao/countersignature/1'

/** What a partner signs: who it is, by which key, and the head's own text. */
export const countersignedText = (
  { applicationId, keyId }: Pick<Countersignature, 'applicationId' | 'keyId'>,
  text: string,
): string => JSON.stringify([COUNTERSIGNATURE_FORM, applicationId, keyId, text])
