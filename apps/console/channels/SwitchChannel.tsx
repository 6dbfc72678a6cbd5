import { Button, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api } from '../api.ts'
import { announce } from '../shell/announce.ts'
import { may, useStaff } from '../shell/staff.ts'
import { ChannelFault } from './ChannelFault.tsx'
import { type Channel, termsOf } from './model.ts'
import { useChannelName, useRefresh } from './use-channels.ts'

/** Switches the channel on or off for new payments; what is under way is brought to its end either way. */
export function SwitchChannel({ channel }: { channel: Channel }) {
  const { t } = useTranslation()
  const staff = useStaff()
  const nameOf = useChannelName()
  const refresh = useRefresh()
  const [isAsking, setAsking] = useState(false)
  const { name, enabled } = channel
  const next = enabled ? 'off' : 'on'
  const params = { path: { hospitalId: staff.hospitalId, name } }
  const save = api.query.useMutation('put', '/v1/hospitals/{hospitalId}/channels/{name}', {
    onSuccess: async () => {
      announce(t(`channels.switched.${next}`, { channel: nameOf(name) }))
      await refresh()
      setAsking(false)
    },
  })
  const isAllowed = may(staff, 'keepChannels')
  return (
    <div className="action">
      <Button
        aria-disabled={!isAllowed}
        className={isAllowed ? '' : 'is-off'}
        onClick={() => isAllowed && setAsking(true)}
      >
        {t(`channels.switch.${next}`)}
      </Button>
      {!isAllowed && <p className="fine">{t('channels.notAllowed')}</p>}
      <Modal
        open={isAsking}
        title={t(`channels.switchTitle.${next}`, { channel: nameOf(name) })}
        okText={t(`channels.switch.${next}`)}
        cancelText={t('channels.cancel')}
        confirmLoading={save.isPending}
        onOk={() => save.mutate({ params, body: { ...termsOf(channel), enabled: !enabled } })}
        onCancel={() => setAsking(false)}
      >
        <p>{t(`channels.switchHint.${next}`)}</p>
        {save.error !== null && <ChannelFault error={save.error} />}
      </Modal>
    </div>
  )
}
