import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'

import { api } from '../api.ts'
import { Fault } from '../list/Fault.tsx'
import { announce } from '../shell/announce.ts'
import { Icon } from '../shell/Icon.tsx'
import { may, useStaff } from '../shell/staff.ts'

/** Has the day's lists read again and the day compared anew; moves no money. */
export function Rerun({ date }: { date: string }) {
  const { t } = useTranslation()
  const staff = useStaff()
  const queryClient = useQueryClient()
  const rerun = api.query.useMutation(
    'post',
    '/v1/hospitals/{hospitalId}/reconciliation/days/{date}/rerun',
    {
      onSuccess: async () => {
        announce(t('reconciliation.rerunning'))
        await queryClient.invalidateQueries()
      },
    },
  )
  const isAllowed = may(staff, 'reconcile')
  const run = () => rerun.mutate({ params: { path: { hospitalId: staff.hospitalId, date } } })
  return (
    <div className="action">
      <Button
        icon={<Icon name="refresh" />}
        loading={rerun.isPending}
        aria-disabled={!isAllowed}
        aria-describedby="rerun-hint"
        className={isAllowed ? '' : 'is-off'}
        onClick={() => isAllowed && run()}
      >
        {t('reconciliation.rerun')}
      </Button>
      <p id="rerun-hint" className="fine" role="status">
        {!isAllowed && t('reconciliation.rerunNot')}
        {isAllowed && t(rerun.isSuccess ? 'reconciliation.rerunning' : 'reconciliation.rerunHint')}
      </p>
      {rerun.error !== null && <Fault error={rerun.error} />}
    </div>
  )
}
