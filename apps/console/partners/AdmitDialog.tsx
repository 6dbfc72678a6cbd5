import { useQueryClient } from '@tanstack/react-query'
import { Button, Modal } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api } from '../api.ts'
import { Fault } from '../list/Fault.tsx'
import { announce } from '../shell/announce.ts'
import { useStaff } from '../shell/staff.ts'
import type { Scope } from './model.ts'
import { ScopeChoice } from './ScopeChoice.tsx'

const MOST_LETTERS = 60

/** Lets in an application that another hospital has registered: its makers bring its client id. */
export function AdmitDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const { hospitalId } = useStaff()
  const queryClient = useQueryClient()
  const [clientId, setClientId] = useState('')
  const [scopes, setScopes] = useState<ReadonlySet<Scope>>(new Set(['events:read']))
  const admit = api.query.useMutation(
    'post',
    '/v1/hospitals/{hospitalId}/partner-applications/admissions',
    {
      onSuccess: async ({ name }) => {
        announce(t('partners.admit.done', { name }))
        onClose()
        await queryClient.invalidateQueries()
      },
    },
  )
  const send = (event: FormEvent) => {
    event.preventDefault()
    const body = { clientId: clientId.trim(), scopes: [...scopes] }
    admit.mutate({ params: { path: { hospitalId } }, body })
  }
  return (
    <Modal
      open={isOpen}
      title={t('partners.admit.open')}
      footer={null}
      destroyOnHidden
      onCancel={onClose}
    >
      <form className="partner-form" onSubmit={send}>
        <p className="fine">{t('partners.admit.hint')}</p>
        <label>
          {t('partners.clientId')}
          <input
            value={clientId}
            required
            maxLength={MOST_LETTERS}
            placeholder="yqc_…"
            onChange={(event) => setClientId(event.target.value)}
          />
        </label>
        <ScopeChoice chosen={scopes} onChange={setScopes} />
        {admit.error !== null && <Fault error={admit.error} />}
        <footer className="partner-foot">
          <Button
            type="primary"
            htmlType="submit"
            loading={admit.isPending}
            disabled={clientId.trim() === '' || scopes.size === 0}
          >
            {t('partners.admit.send')}
          </Button>
        </footer>
      </form>
    </Modal>
  )
}
