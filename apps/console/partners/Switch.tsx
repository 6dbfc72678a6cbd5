import { useQueryClient } from '@tanstack/react-query'
import { Button, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api } from '../api.ts'
import { Fault } from '../list/Fault.tsx'
import { announce } from '../shell/announce.ts'
import { type Application, isOn } from './model.ts'
import { useKeeper } from './use-keeper.ts'

/** Switches an application off or on: everywhere by its home, else at this hospital. Off is asked once more. */
export function Switch({ application }: { application: Application }) {
  const { t } = useTranslation()
  const { hospitalId, isKeeper, isHome } = useKeeper(application)
  const queryClient = useQueryClient()
  const [isAsking, setAsking] = useState(false)
  const change = api.query.useMutation(
    'put',
    '/v1/hospitals/{hospitalId}/partner-applications/{id}/status',
    {
      onSuccess: async (changed) => {
        setAsking(false)
        announce(t(isOn(changed) ? 'partners.switch.isOn' : 'partners.switch.isOff'))
        await queryClient.invalidateQueries()
      },
    },
  )
  if (!isKeeper) return null
  const set = (status: 'active' | 'disabled') =>
    change.mutate({ params: { path: { hospitalId, id: application.id } }, body: { status } })
  const isActive = isOn(application)
  return (
    <div className="action">
      <Button
        danger={isActive}
        loading={change.isPending}
        onClick={() => (isActive ? setAsking(true) : set('active'))}
      >
        {t(isActive ? 'partners.switch.off' : 'partners.switch.on')}
      </Button>
      {change.error !== null && <Fault error={change.error} />}
      <Modal
        open={isAsking}
        title={t('partners.switch.ask', { name: application.name })}
        okText={t('partners.switch.off')}
        cancelText={t('partners.cancel')}
        okButtonProps={{ danger: true, loading: change.isPending }}
        onOk={() => set('disabled')}
        onCancel={() => setAsking(false)}
      >
        <p>{t(isHome ? 'partners.switch.everywhere' : 'partners.switch.here')}</p>
      </Modal>
    </div>
  )
}
