import type { HospitalId } from '../../kernel/id.ts'
import type { Findings } from './finding.ts'
import { type FiledHead, readHeadFile } from './head-file.ts'
import { type Countersignature, countersignedText, type Head, headHash, headText } from './head.ts'
import { isSignedBy, type TrustedKey } from './signature.ts'

/** A head by itself, and as the one that follows the one before. */
export function checkHead(
  head: Head,
  before: Head | null,
  trusted: readonly TrustedKey[] | null,
  { add }: Findings,
): void {
  const subject = `head ${head.size}`
  const key = { algorithm: head.signatureAlgorithm, publicKey: head.publicKey }
  if (!isSignedBy(key, headText(head), head.signature)) add('signature_wrong', subject)
  const isTrusted = ({ keyId, publicKey }: TrustedKey) =>
    keyId === head.keyId && publicKey === head.publicKey
  if (trusted && !trusted.some(isTrusted)) add('key_unknown', subject)
  const expected = before ? headHash(before) : null
  const follows =
    head.previousSize === (before?.size ?? 0) &&
    (expected && head.previousHash
      ? expected.equals(head.previousHash)
      : expected === head.previousHash)
  if (!follows) add('chain_broken', subject)
  if (before && head.sealedAt < before.sealedAt) add('time_goes_back', subject)
}

export function checkCountersignature(
  head: Head,
  { algorithm, publicKey, signature, ...by }: Countersignature,
  { add }: Findings,
): void {
  if (isSignedBy({ algorithm, publicKey }, countersignedText(by, headText(head)), signature)) return
  add('countersignature_wrong', `head ${head.size}, application ${by.applicationId}`)
}

/** What the file outside the database says of each log: the hash of each head by its size. */
export type FiledHeads = {
  sizesOf(hospitalId: HospitalId, log: string): ReadonlyMap<number, string>
  logs(): { hospitalId: HospitalId; log: string }[]
  unreadable: number[]
  contradictions: FiledHead[]
}

/** Reads the whole file. A head takes some hundred bytes: ten years of one a minute are a few hundred megabytes. */
export async function readFiledHeads(path: string): Promise<FiledHeads> {
  const logs = new Map<string, Map<number, string>>()
  const [unreadable, contradictions]: [number[], FiledHead[]] = [[], []]
  for await (const { lineNo, head } of readHeadFile(path)) {
    if (!head) {
      unreadable.push(lineNo)
      continue
    }
    const key = `${head.hospitalId}/${head.log}`
    const sizes = logs.get(key) ?? new Map<number, string>()
    logs.set(key, sizes)
    if ((sizes.get(head.size) ?? head.hash) !== head.hash) contradictions.push(head)
    else sizes.set(head.size, head.hash)
  }
  const NONE = new Map<number, string>()
  return {
    sizesOf: (hospitalId, log) => logs.get(`${hospitalId}/${log}`) ?? NONE,
    logs: () =>
      [...logs.keys()].map((key) => {
        const [hospital, log = ''] = key.split('/')
        return { hospitalId: Number(hospital) as HospitalId, log }
      }),
    unreadable,
    contradictions,
  }
}
