import { describe, expect, test } from 'vitest'
import { AppError } from '../../server/errors.ts'
import { isPublicAddress } from '../../server/webhooks/public-address.ts'
import { readTarget } from '../../server/webhooks/target.ts'

const open = { allowLoopback: false }

test.each(['1.1.1.1', '8.8.8.8', '172.15.255.255', '172.32.0.1', '192.0.3.1', '2606:4700::1111', '2a00::1'])(
  '%s is on the public Internet',
  address => expect(isPublicAddress(address)).toBe(true),
)

test.each([
  '0.0.0.0',
  '0.1.2.3',
  '10.1.2.3',
  '100.64.0.1',
  '100.127.255.255',
  '127.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.170',
  '192.168.1.1',
  '198.18.0.1',
  '203.0.113.9',
  '224.0.0.1',
  '255.255.255.255',
  // Where clouds tell a machine its secrets.
  '169.254.169.254',
  '169.254.170.2',
  '100.100.100.200',
  '168.63.129.16',
  'fd00:ec2::254',
  '::',
  '::1',
  // An IPv4 address in another coat: mapped, compatible, translated by NAT64, 6to4, Teredo.
  '::ffff:127.0.0.1',
  '::ffff:a9fe:a9fe',
  '0:0:0:0:0:ffff:7f00:1',
  '::7f00:1',
  '64:ff9b::7f00:1',
  '64:ff9b:1::a00:1',
  '2002:7f00:1::',
  '2001:0:7f00:1::',
  '100::1',
  'fc00::1',
  'fd12:3456::1',
  'fe80::1',
  'fe80::1%eth0',
  'ff02::1',
  '2001:db8::1',
  '3fff::1',
  'not an address',
  '',
])('%s is not', address => expect(isPublicAddress(address)).toBe(false))

describe('an address to post to', () => {
  test.each([
    ['nothing', ''],
    ['no address', 'hooks'],
    ['plain http', 'http://example.com/hook'],
    ['another protocol', 'ftp://example.com/hook'],
    ['a file', 'file:///etc/passwd'],
    ['a user name', 'https://ada@example.com/hook'],
    ['a password', 'https://:secret@example.com/hook'],
    ['a fragment', 'https://example.com/hook#part'],
    ['this machine', 'https://127.0.0.1/hook'],
    ['this machine as one number', 'https://2130706433/hook'],
    ['this machine in octal', 'https://0177.0.0.1/hook'],
    ['this machine in short', 'https://127.1/hook'],
    ['this machine over IPv6', 'https://[::1]/hook'],
    ['this machine, mapped', 'https://[::ffff:127.0.0.1]/hook'],
    ['a cloud’s metadata service', 'https://169.254.169.254/latest/meta-data'],
    ['a private network', 'https://192.168.0.10/hook'],
  ])('is refused with %s, in words for its field', (_, text) => {
    const refused = refusalOf(text)
    expect(refused?.code).toBe('bad_input')
    expect(refused?.fields.url).toMatch(/\.$/)
  })

  test('may be any https address with a name, a port and a path', () => {
    expect(readTarget('https://hooks.example.com:8443/a/b?c=d', open).href).toBe(
      'https://hooks.example.com:8443/a/b?c=d',
    )
  })

  test('may be this machine over plain http in the demo alone', () => {
    expect(readTarget('http://127.0.0.1:4000/', { allowLoopback: true }).port).toBe('4000')
    expect(readTarget('http://localhost:4000/', { allowLoopback: true }).port).toBe('4000')
    expect(refusalOf('http://10.0.0.1/', true)?.code).toBe('bad_input')
    expect(refusalOf('http://localhost:4000/')?.code).toBe('bad_input')
  })
})

function refusalOf(text: string, allowLoopback = false): AppError | null {
  try {
    readTarget(text, { allowLoopback })
    return null
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}
