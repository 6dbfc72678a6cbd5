import { type Countersignature, headText } from './head.ts'
import type { HeadDetail, Inclusion } from './proofs.ts'

// How heads and proofs go out: hashes in lower-case hex.

export const viewOfHead = ({ head, countersignatures }: HeadDetail) => ({
  log: head.log,
  size: head.size,
  treeHash: head.treeHash,
  root: head.root.toString('hex'),
  previousHash: head.previousHash?.toString('hex') ?? null,
  sealedAt: head.sealedAt.toISOString(),
  text: headText(head),
  keyId: head.keyId,
  algorithm: head.signatureAlgorithm,
  publicKey: head.publicKey,
  signature: head.signature,
  countersignatures: countersignatures.map(viewOfCountersignature),
})

export const viewOfCountersignature = ({ signedAt, ...signed }: Countersignature) => ({
  ...signed,
  signedAt: signedAt.toISOString(),
})

export const viewOfInclusion = ({ itemId, leafIndex, leafHash, path, ...detail }: Inclusion) => ({
  itemId,
  leafIndex,
  leafHash: leafHash.toString('hex'),
  path: path.map((hash) => hash.toString('hex')),
  head: viewOfHead(detail),
})
