import type { DirectorySpec, UserClass } from './account.ts'
import { hash } from './hash.ts'
import { addressOf, namePairs } from './names.ts'

/** Names and addresses of an account, as its class calls for. */
export function addresses(
  spec: DirectorySpec,
  index: number,
  userClass: UserClass,
  given: string,
  family: string,
  domain: string,
) {
  const named = (displayName: string, local: string, mail: string | null) => ({
    displayName,
    userPrincipalName: `${local}@${domain}`,
    mail,
  })
  const number = index < 12 ? '' : String(index)
  switch (userClass) {
    case 'guest': {
      const company = partners[hash(spec.seed, index, 7) % partners.length] ?? 'partner.example'
      const mail = `${addressOf(given, family)}${index < namePairs ? '' : index}@${company}`
      return named(`${given} ${family}`, `${mail.replace('@', '_')}#EXT#`, mail)
    }
    case 'emergency':
      return named(`Emergency access ${index - 3}`, `breakglass${index - 3}`, null)
    case 'directory-sync':
      return named(
        'On-Premises Directory Synchronization Service Account',
        `Sync_DC01_${hash(spec.seed, 6).toString(16)}`,
        null,
      )
    case 'service': {
      const purpose = servicePurposes[hash(spec.seed, index, 8) % servicePurposes.length] ?? 'backup'
      return named(`svc-${purpose}${number}`, `svc-${purpose}${number}`, null)
    }
    case 'shared': {
      const purpose = sharedPurposes[hash(spec.seed, index, 8) % sharedPurposes.length] ?? 'info'
      return named(
        `${purpose} mailbox ${number}`.trim(),
        `${purpose.toLowerCase()}${number}`,
        `${purpose.toLowerCase()}${number}@${domain}`,
      )
    }
    default: {
      // Numbers keep addresses unique once names repeat.
      const local = `${addressOf(given, family)}${index < namePairs ? '' : index}`
      return named(`${given} ${family}`, local, `${local}@${domain}`)
    }
  }
}

const partners = [
  'fabrikam.example',
  'northwind.example',
  'tailspin.example',
  'auditpartners.example',
  'litware.example',
]
const servicePurposes = ['backup', 'scanner', 'erp-import', 'monitoring', 'teamsroom', 'reporting']
const sharedPurposes = ['Info', 'Billing', 'Careers', 'Press', 'Support']
