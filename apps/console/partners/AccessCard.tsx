import { useQueryClient } from '@tanstack/react-query'
import { Button, Modal } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api } from '../api.ts'
import { Fault } from '../list/Fault.tsx'
import { announce } from '../shell/announce.ts'
import { addressesIn, AddressField } from './AddressField.tsx'
import { type ApplicationDetail, type Scope, wordOf } from './model.ts'
import { ScopeChoice } from './ScopeChoice.tsx'
import { useKeeper } from './use-keeper.ts'

/** What the application may do with this hospital's data, and from where it may call. */
export function AccessCard({ application }: { application: ApplicationDetail }) {
  const { t } = useTranslation()
  const { isKeeper } = useKeeper(application)
  const [isOpen, setOpen] = useState(false)
  const { scopes, allowedAddresses } = application
  return (
    <section className="card" aria-labelledby="access-title">
      <header className="card-head">
        <h2 id="access-title">{t('partners.access')}</h2>
        {isKeeper && (
          <Button size="small" onClick={() => setOpen(true)}>
            {t('partners.change')}
          </Button>
        )}
      </header>
      <ul className="mini-list">
        {scopes.map((scope) => (
          <li key={scope}>
            <span>{t(`partners.scopes.${wordOf(scope)}`)}</span>
            <code className="fine">{scope}</code>
          </li>
        ))}
        {scopes.length === 0 && <li>{t('partners.noScopes')}</li>}
      </ul>
      <p className="fine">
        {t('partners.addresses')}{' '}
        {allowedAddresses.length === 0 ? t('partners.anywhere') : allowedAddresses.join('、')}
      </p>
      <Modal
        open={isOpen}
        title={t('partners.access')}
        footer={null}
        destroyOnHidden
        onCancel={() => setOpen(false)}
      >
        <AccessForm application={application} onDone={() => setOpen(false)} />
      </Modal>
    </section>
  )
}

function AccessForm({
  application,
  onDone,
}: {
  application: ApplicationDetail
  onDone: () => void
}) {
  const { t } = useTranslation()
  const { hospitalId, isHome } = useKeeper(application)
  const queryClient = useQueryClient()
  const [scopes, setScopes] = useState<ReadonlySet<Scope>>(new Set(application.scopes))
  const [addresses, setAddresses] = useState(application.allowedAddresses.join('\n'))
  const change = api.query.useMutation(
    'patch',
    '/v1/hospitals/{hospitalId}/partner-applications/{id}',
    {
      onSuccess: async () => {
        announce(t('partners.changed'))
        onDone()
        await queryClient.invalidateQueries()
      },
    },
  )
  const send = (event: FormEvent) => {
    event.preventDefault()
    // Only its home may say from where it calls.
    const body = {
      scopes: [...scopes],
      ...(isHome ? { allowedAddresses: addressesIn(addresses) } : {}),
    }
    change.mutate({ params: { path: { hospitalId, id: application.id } }, body })
  }
  return (
    <form className="partner-form" onSubmit={send}>
      <ScopeChoice kind={application.kind} chosen={scopes} onChange={setScopes} />
      {isHome && <AddressField text={addresses} onChange={setAddresses} />}
      {change.error !== null && <Fault error={change.error} />}
      <footer className="partner-foot">
        <Button type="primary" htmlType="submit" loading={change.isPending}>
          {t('partners.save')}
        </Button>
      </footer>
    </form>
  )
}
