import { Button, Modal } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api } from '../api.ts'
import { announce } from '../shell/announce.ts'
import { may, useStaff } from '../shell/staff.ts'
import { ChannelFault } from './ChannelFault.tsx'
import type { ChannelAlert } from './model.ts'
import { useChannelName, useRefresh } from './use-channels.ts'

const MOST_LETTERS = 500

/** Says that one takes care of the alert, with a note for the colleagues. */
export function Acknowledge({ alert }: { alert: ChannelAlert }) {
  const { t } = useTranslation()
  const staff = useStaff()
  const nameOf = useChannelName()
  const [isOpen, setOpen] = useState(false)
  if (!may(staff, 'keepChannels')) return <p className="fine">{t('channels.notAllowed')}</p>
  const what = `${nameOf(alert.channel)} ${t(`channels.alertClasses.${alert.class}`)}`
  return (
    <>
      <Button
        type="primary"
        aria-label={t('channels.alerts.takeLabel', { what })}
        onClick={() => setOpen(true)}
      >
        {t('channels.alerts.take')}
      </Button>
      <Modal
        open={isOpen}
        title={t('channels.alerts.takeLabel', { what })}
        onCancel={() => setOpen(false)}
        footer={null}
        destroyOnHidden
      >
        <AcknowledgeForm alert={alert} onDone={() => setOpen(false)} />
      </Modal>
    </>
  )
}

function AcknowledgeForm({ alert, onDone }: { alert: ChannelAlert; onDone: () => void }) {
  const { t } = useTranslation()
  const { hospitalId } = useStaff()
  const refresh = useRefresh()
  const [note, setNote] = useState('')
  const take = api.query.useMutation(
    'post',
    '/v1/hospitals/{hospitalId}/channels/alerts/{id}/acknowledgement',
    {
      onSuccess: () => {
        announce(t('channels.alerts.taken'))
        onDone()
      },
      // A refusal too: somebody else may have been first.
      onSettled: refresh,
    },
  )
  const send = (event: FormEvent) => {
    event.preventDefault()
    const body = { note: note.trim() === '' ? null : note.trim() }
    take.mutate({ params: { path: { hospitalId, id: alert.id } }, body })
  }
  return (
    <form className="note-form" onSubmit={send}>
      <label>
        {t('channels.alerts.note')}
        <textarea
          rows={3}
          maxLength={MOST_LETTERS}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </label>
      {take.error !== null && <ChannelFault error={take.error} />}
      <Button type="primary" htmlType="submit" loading={take.isPending}>
        {t('channels.alerts.confirm')}
      </Button>
    </form>
  )
}
