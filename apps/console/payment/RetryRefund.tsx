import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'

import type { Refund } from '../../../contract/client.ts'
import { underKey } from '../../web/idempotency-key.ts'
import { api } from '../api.ts'
import { Fault } from '../list/Fault.tsx'
import { announce } from '../shell/announce.ts'
import { may, useStaff } from '../shell/staff.ts'

/** For a refund that a provider declined: once a person has dealt with the ground, the provider is asked again. */
export function RetryRefund({ refund }: { refund: Refund }) {
  const { t } = useTranslation()
  const staff = useStaff()
  const queryClient = useQueryClient()
  const { hospitalId } = staff
  const { id } = refund
  const retry = useMutation({
    mutationFn: () =>
      underKey(`retry-refund:${id}`, async (key) => {
        const { data, error } = await api.client.POST(
          '/v1/hospitals/{hospitalId}/refunds/{id}/retry',
          { params: { path: { hospitalId, id }, header: { 'Idempotency-Key': key } } },
        )
        if (error) throw error
        return data
      }),
    onSuccess: () => announce(t('refunds.retried')),
    onSettled: () => queryClient.invalidateQueries(),
  })
  const isAllowed = may(staff, 'retryRefund')
  return (
    <div className="retry">
      <Button
        size="small"
        loading={retry.isPending}
        aria-disabled={!isAllowed}
        aria-describedby={`retry-${id}`}
        className={isAllowed ? '' : 'is-off'}
        onClick={() => isAllowed && retry.mutate()}
      >
        {t('refunds.retry')}
      </Button>
      <p id={`retry-${id}`} className="fine">
        {t(isAllowed ? 'refunds.retryHint' : 'refunds.retryNot')}
      </p>
      {retry.error !== null && <Fault error={retry.error} />}
    </div>
  )
}
