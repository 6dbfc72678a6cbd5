import type { Id } from '../../kernel/id.ts'
import { isInForce } from './consent.ts'
import type { Dependencies } from './dependencies.ts'
import type { Holder, Insurer, InsurerCall, Policy } from './insurer.ts'
import { type BoundPolicy, describePolicy, policiesOf, standingConsent } from './person-store.ts'

/** A bound policy that its insurer was asked about just now, with the person's consent. */
export type UsablePolicy = BoundPolicy & { mayTellDiagnosis: boolean }

export type Verified =
  | { outcome: 'policies'; policies: UsablePolicy[] }
  | { outcome: 'no_policy' | 'no_consent' | 'insurer_unavailable'; reason: string }

/** The person's policies, as their insurers describe them now; those of insurers that do not answer are left out. */
export async function verifiedPolicies(
  deps: Dependencies,
  personId: Id<'Person'>,
  ask: AskPolicies,
): Promise<Verified> {
  const bound = (await policiesOf(deps.db, personId)).filter((policy) =>
    ask.insurers.has(policy.insurerCode),
  )
  if (bound.length === 0) return { outcome: 'no_policy', reason: 'the person has bound no policy' }
  const codes = [...new Set(bound.map((policy) => policy.insurerCode))]
  const answers = await Promise.all(codes.map((code) => verifyAt(deps, personId, code, bound, ask)))
  const policies = bound.flatMap((policy) =>
    answers.flatMap((answer) =>
      answer.outcome === 'policies'
        ? answer.policies.filter((verified) => isSame(verified, policy))
        : [],
    ),
  )
  if (policies.length > 0) return { outcome: 'policies', policies }
  const [first] = answers
  return first && first.outcome !== 'policies'
    ? first
    : { outcome: 'no_policy', reason: 'no insurer knows a policy of the person' }
}

async function verifyAt(
  deps: Dependencies,
  personId: Id<'Person'>,
  insurerCode: string,
  bound: readonly BoundPolicy[],
  { insurers, holder, call }: AskPolicies,
): Promise<Verified> {
  const insurer = insurers.get(insurerCode)
  if (!insurer) return { outcome: 'no_policy', reason: `${insurerCode} is not connected` }
  const now = deps.clock.now()
  const consent = await standingConsent(deps.db, {
    personId,
    insurerCode,
    purpose: 'policy_check',
  })
  if (!consent || !isInForce(consent, now)) {
    return { outcome: 'no_consent', reason: `the person does not let ${insurerCode} be asked` }
  }
  const answer = await insurer.policiesOf(call, holder)
  if (answer.outcome !== 'ok') {
    const reason = answer.outcome === 'refused' ? answer.message : answer.reason
    return { outcome: 'insurer_unavailable', reason }
  }
  const mayTellDiagnosis = consent.scope.includes('diagnosis')
  const policies: UsablePolicy[] = []
  for (const policy of bound.filter((own) => own.insurerCode === insurerCode)) {
    const described = describedBy(answer.data, policy, now)
    await describePolicy(deps.db, described)
    policies.push({ ...described, mayTellDiagnosis })
  }
  return { outcome: 'policies', policies }
}

/** A policy that its insurer does not name any more has ended. */
function describedBy(told: readonly Policy[], bound: BoundPolicy, now: Date): BoundPolicy {
  const found = told.find((policy) => policy.policyNo === bound.policyNo)
  return { ...bound, ...(found ?? { state: 'lapsed' as const }), verifiedAt: now }
}

const isSame = (a: BoundPolicy, b: BoundPolicy): boolean =>
  a.insurerCode === b.insurerCode && a.policyNo === b.policyNo

type AskPolicies = {
  insurers: ReadonlyMap<string, Insurer>
  holder: Holder
  call: InsurerCall
}
