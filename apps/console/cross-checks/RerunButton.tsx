import { Button } from 'antd'

import { Fault } from '../list/Fault.tsx'
import { Icon } from '../shell/Icon.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { useRerun } from './use-cross-checks.ts'
import { useCrossCheckWords } from './words.ts'

type RerunProps = { name: string; date: string; isFirst: boolean }

/** Has a date compared, or compared anew; moves no money. */
export function RerunButton({ name, date, isFirst }: RerunProps) {
  const { t } = useCrossCheckWords()
  const staff = useStaff()
  const rerun = useRerun(staff.hospitalId, { words: t('run.rerunning') })
  const isAllowed = may(staff, 'reconcile')
  return (
    <div className="action">
      <Button
        icon={<Icon name="refresh" />}
        loading={rerun.isPending}
        aria-disabled={!isAllowed}
        aria-describedby="rerun-check-hint"
        className={isAllowed ? '' : 'is-off'}
        onClick={() => isAllowed && rerun.mutate({ name, date })}
      >
        {t(isFirst ? 'run.first' : 'run.rerun')}
      </Button>
      <p id="rerun-check-hint" className="fine" role="status">
        {!isAllowed && t('run.rerunNot')}
        {isAllowed && t(rerun.isSuccess ? 'run.rerunning' : 'run.rerunHint')}
      </p>
      {rerun.error !== null && <Fault error={rerun.error} />}
    </div>
  )
}
