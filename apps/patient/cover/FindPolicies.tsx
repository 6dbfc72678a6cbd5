import { useTranslation } from 'react-i18next'

import type { CoveragePolicy } from '../../../contract/client.ts'
import { FailureBox } from '../parts/FailureBox.tsx'
import { PolicyHead } from './PolicyCard.tsx'
import { type Insurer, useBind, useFindPolicies } from './use-cover.ts'

/** Asks the insurer which policies the person has; those that do not pay yet can be bound. */
export function FindPolicies({ insurer, bound }: FindPoliciesProps) {
  const { t } = useTranslation('payers')
  const find = useFindPolicies(insurer)
  const isBound = (policyNo: string) => bound.some((policy) => policy.policyNo === policyNo)
  const found = find.data?.filter(({ policyNo }) => !isBound(policyNo))
  return (
    <>
      {found?.map((policy) => (
        <Found key={policy.policyNo} insurer={insurer} policy={policy} />
      ))}
      {found?.length === 0 && (
        <p role="status" className="note">
          {t(bound.length > 0 ? 'cover.noMore' : 'cover.noneFound', { insurer: insurer.name })}
        </p>
      )}
      {find.error && <FailureBox error={find.error} />}
      <button
        type="button"
        className={bound.length === 0 && !find.data ? 'button button-primary' : 'button'}
        disabled={find.isPending}
        onClick={() => find.mutate()}
      >
        {t(find.isPending ? 'cover.finding' : 'cover.find')}
      </button>
    </>
  )
}

function Found({ insurer, policy }: { insurer: Insurer; policy: CoveragePolicy }) {
  const { t } = useTranslation('payers')
  const bind = useBind(insurer)
  return (
    <div className="card">
      <PolicyHead policy={policy} />
      {bind.error && <FailureBox error={bind.error} />}
      <button
        type="button"
        className="button button-primary"
        disabled={bind.isPending}
        onClick={() => bind.mutate(policy.policyNo)}
      >
        {t(bind.isPending ? 'cover.binding' : 'cover.bind')}
      </button>
    </div>
  )
}

type FindPoliciesProps = { insurer: Insurer; bound: readonly CoveragePolicy[] }
