import { Modal, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { MenuItem } from './menu.ts'
import { areKeysOn, switchKeys } from './shortcuts.ts'

type HelpProps = { isOpen: boolean; onClose: () => void; menu: readonly MenuItem[] }

/** Every key of the console, and the switch to do without them. */
export function Help({ isOpen, onClose, menu }: HelpProps) {
  const { t } = useTranslation()
  const [isOn, setOn] = useState(areKeysOn)
  const keys: [string, string][] = [
    ...menu.map((item): [string, string] => [item.keys, t(`menu.${item.name}`)]),
    ['/', t('keys.search')],
    ['Ctrl K', t('keys.search')],
    ['j', t('keys.next')],
    ['k', t('keys.previous')],
    ['Enter', t('keys.open')],
    ['n', t('keys.nextPage')],
    ['Esc', t('keys.escape')],
    ['?', t('keys.help')],
  ]
  const flip = (on: boolean) => {
    switchKeys(on)
    setOn(on)
  }
  return (
    <Modal open={isOpen} onCancel={onClose} footer={null} title={t('keys.title')} destroyOnHidden>
      <dl className="keys">
        {keys.map(([key, does]) => (
          <div key={key}>
            <dt>
              {key.split(' ').map((part) => (
                <kbd key={part}>{part}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <p className="keys-switch">
        <Switch id="keys-on" checked={isOn} onChange={flip} />
        <label htmlFor="keys-on">{t('keys.on')}</label>
      </p>
    </Modal>
  )
}
