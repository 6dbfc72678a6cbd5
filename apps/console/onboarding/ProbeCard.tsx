import { Button } from 'antd'

import { Fault } from '../list/Fault.tsx'
import { useStaff } from '../shell/staff.ts'
import { TriedTable } from './TriedTable.tsx'
import { useProbe } from './use-onboarding.ts'
import { type Draft, type Step, triedOf, useOnboardingWords } from './words.ts'

/** Whether the system answers at all, and what is wrong when it does not. */
export function ProbeCard({ draft, step }: { draft: Draft; step: Step | undefined }) {
  const { t } = useOnboardingWords()
  const { hospitalId } = useStaff()
  const probe = useProbe(hospitalId, t('probe.done'))
  return (
    <section className="card" aria-labelledby="onboarding-probe">
      <div className="card-head">
        <h2 id="onboarding-probe">{t('probe.title')}</h2>
        <Button loading={probe.isPending} onClick={() => probe.mutate({ version: draft.version })}>
          {t('probe.start')}
        </Button>
      </div>
      {probe.error !== null && <Fault error={probe.error} />}
      {step ? (
        <TriedTable tried={triedOf(step)} label={t('probe.title')} isWithWire={!step.isGood} />
      ) : (
        <p className="fine">{t('probe.none')}</p>
      )}
    </section>
  )
}
