import { Button } from 'antd'
import { type FormEvent, useState } from 'react'

import { Fault } from '../list/Fault.tsx'
import { useStaff } from '../shell/staff.ts'
import { TriedTable } from './TriedTable.tsx'
import { useDryRun } from './use-onboarding.ts'
import { type Draft, type Step, triedOf, useOnboardingWords } from './words.ts'

/** All that only reads, asked in earnest: the system's own answer beside what it is in the words of the standard. */
export function DryRunCard({ draft, step }: { draft: Draft; step: Step | undefined }) {
  const { t } = useOnboardingWords()
  const { hospitalId } = useStaff()
  const [idCardNo, setIdCardNo] = useState('')
  const [name, setName] = useState('')
  const run = useDryRun(hospitalId, t('dryRun.done'))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const isNamed = idCardNo.trim() !== '' && name.trim() !== ''
    const patient = isNamed ? { idCardNo: idCardNo.trim(), name: name.trim() } : null
    run.mutate({ version: draft.version, patient })
  }
  return (
    <section className="card" aria-labelledby="onboarding-dry-run">
      <h2 id="onboarding-dry-run">{t('dryRun.title')}</h2>
      <p className="fine">{t('dryRun.hint')}</p>
      <form className="note-form" onSubmit={submit} aria-label={t('dryRun.title')}>
        <label>
          {t('dryRun.idCardNo')}
          <input
            value={idCardNo}
            maxLength={18}
            autoComplete="off"
            onChange={(event) => setIdCardNo(event.target.value)}
          />
        </label>
        <label>
          {t('dryRun.name')}
          <input
            value={name}
            maxLength={50}
            autoComplete="off"
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        {run.error !== null && <Fault error={run.error} />}
        <Button htmlType="submit" loading={run.isPending}>
          {t('dryRun.start')}
        </Button>
      </form>
      {step && <TriedTable tried={triedOf(step)} label={t('dryRun.title')} isWithWire />}
    </section>
  )
}
