import type { RecogniserFamily } from '../recogniser.ts';

/** What shells and the operating system say. */
export const SHELL: RecogniserFamily = {
  name: 'shell',
  recognisers: [
    {
      // Source text of a script that somebody prints: what it would say, not what it said.
      id: 'shell-source',
      pattern:
        /^\s{0,40}(?:@?(?:echo|printf)(?: -[neE]{1,3})? ["'$]|@?(?:if|elif|while|until) .{1,400}; (?:then|do)\b|@?trap ["'])/,
      role: 'step',
    },
    {
      id: 'shell-command-not-found',
      pattern: /^(?:[\w./:-]{1,200}: ){0,3}.{0,120}: (?:command )?not found$/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'shell-not-recognized',
      pattern: /is not recognized as (?:an internal or external command|the name of a cmdlet)/,
      role: 'error',
      priority: 'critical',
    },
    { id: 'shell-no-such-file', pattern: /: No such file or directory\b/, role: 'error' },
    {
      id: 'shell-permission',
      pattern:
        /: (?:Permission denied|Operation not permitted|Read-only file system|Is a directory|Not a directory|Text file busy|Argument list too long|cannot execute(?: binary file)?)\b/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'shell-syntax',
      pattern:
        /: (?:line \d+: )?(?:syntax error|unexpected (?:EOF|token|end of file)|unbound variable|bad substitution|unary operator expected|\[: )/i,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'shell-signal',
      pattern:
        /\b(Segmentation fault|Bus error|Illegal instruction|Floating point exception|Aborted|Killed|Trace\/breakpoint trap)\b(?: {1,20}\(core dumped\))?(?:$| {2,80}\S)/,
      role: 'error',
      priority: 'critical',
      typeGroup: 1,
    },
    { id: 'shell-core-dumped', pattern: /\(core dumped\)/, role: 'error', priority: 'critical' },
    {
      id: 'shell-no-space',
      pattern: /No space left on device|Disk quota exceeded/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'shell-memory',
      pattern: /\bOut of memory\b|Cannot allocate memory|std::bad_alloc|oom-kill|OOMKilled|\bMemoryError\b/i,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'shell-too-many-files',
      pattern: /Too many open files|Resource temporarily unavailable|File name too long/,
      role: 'error',
      priority: 'critical',
    },
    { id: 'shell-usage', pattern: /: (?:unrecognized|invalid|unknown|illegal) option\b/, role: 'error' },
    { id: 'apt-error', pattern: /^E: /, role: 'error', priority: 'critical' },
    { id: 'apt-warning', pattern: /^W: /, role: 'warning' },
    {
      id: 'dpkg-error',
      pattern:
        /^(?:dpkg: error |dpkg-deb: error|Errors were encountered while processing:|Sub-process \S+ returned an error)/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'apt-progress',
      pattern:
        /^(?:(?:Get|Hit|Ign|Err):\d+ |Reading (?:package lists|state information)|Building dependency tree|Selecting previously unselected|Preparing to unpack |Unpacking |Setting up |Processing triggers for |\(Reading database|Fetched [\d.,]+ \w+ in)/,
      role: 'progress',
    },
    {
      id: 'apk-progress',
      pattern: /^(?:\(\d+\/\d+\) (?:Installing|Upgrading|Purging)|fetch https?:|OK: \d+ MiB)/,
      role: 'progress',
    },
    {
      id: 'brew-error',
      pattern: /^Error: (?:No available formula|.{0,100}(?:brew|Cask|formula))/,
      role: 'error',
      priority: 'critical',
    },
    { id: 'brew-step', pattern: /^==> \S/, role: 'step' },
    {
      id: 'curl-meter',
      pattern:
        /^\s{0,4}(?:% Total {2,8}% Received|Dload {1,4}Upload|\d{1,3} {1,4}[\d.]+[kMG]? {1,4}\d{1,3} )/,
      role: 'progress',
    },
    {
      id: 'wget-meter',
      pattern:
        /^(?:\s{0,8}\d+[KM] [. ]{10,60}|Saving to: |Length: \d|HTTP request sent|[\w.-]{1,100} {1,60}\d{1,3}%\[)/,
      role: 'progress',
    },
    { id: 'spinner', pattern: /^[|/\\-]{4}[|/\\.-]{0,400}/, role: 'progress' },
    {
      id: 'percent-meter',
      pattern:
        /^\s{0,8}(?:\S{1,80}:? )?\[?[#=>. █▏▎▍▌▋▊▉-]{0,120}\]? {0,4}\d{1,3}(?:\.\d+)?%(?:[ |].{0,120})?$/,
      role: 'progress',
    },
  ],
};

/** git. */
export const GIT: RecogniserFamily = {
  name: 'git',
  recognisers: [
    { id: 'git-fatal', pattern: /^(?:remote: )?fatal: \S/, role: 'error', priority: 'critical' },
    {
      id: 'git-conflict',
      pattern:
        /^(?:CONFLICT \(\w|Automatic merge failed|error: (?:could not apply|Your local changes|failed to push|pathspec|patch failed|cannot lock ref|RPC failed|Merging is not possible))/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'git-rejected',
      pattern: /^\s{0,4}! \[(?:remote )?rejected\]/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'git-remote-error',
      pattern: /^remote: (?:error|ERROR|Permission|Repository not found|Invalid)/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'git-progress',
      pattern:
        /^(?:remote: )?(?:Counting|Enumerating|Compressing|Receiving|Resolving|Unpacking|Writing|Updating|Checking out|Filtering) (?:objects|deltas|files|content)/,
      role: 'progress',
    },
    {
      id: 'git-refs',
      pattern: /^\s{0,4}[*+=]? {0,4}(?:\[new (?:branch|tag|ref)\]|[\da-f]{7,40}\.{2,3}[\da-f]{7,40}) /,
      role: 'progress',
    },
    {
      id: 'git-cloning',
      pattern:
        /^(?:Cloning into '|Submodule (?:path )?'|Switched to |HEAD is now at |Note: (?:checking out|switching to)|From (?:https?:|git@|ssh:)|Initialized empty Git|Already (?:on|up to date)|Previous HEAD position)/,
      role: 'progress',
    },
    { id: 'git-hint', pattern: /^hint: /, role: 'info' },
  ],
};

/** Networks, servers and name resolution. */
export const NETWORK: RecogniserFamily = {
  name: 'network',
  recognisers: [
    {
      id: 'network-code',
      pattern:
        /\b(ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EPIPE|EHOSTUNREACH|ENETUNREACH|EADDRINUSE|ESOCKETTIMEDOUT|ENOSPC|EACCES|EPERM|ENOENT|EMFILE|ENOMEM|CERT_HAS_EXPIRED|ERR_SOCKET_TIMEOUT)\b/,
      role: 'error',
      typeGroup: 1,
    },
    {
      id: 'network-http-status',
      pattern:
        /\b(?:HTTP(?:\/[\d.]{1,3})?|status(?: code)?|error|code|returned error)[: ]{1,3}((?:4(?:0[013-9]|1\d|2[29])|5\d\d)) ?(?:Unauthorized|Forbidden|Not Found|Too Many|Internal|Bad Gateway|Service|Gateway|Time|Client|Server|:|$)/i,
      role: 'error',
      typeGroup: 1,
    },
    {
      id: 'network-http-phrase',
      pattern:
        /\b(50[0234]|429|403|401|407|404) (?:Internal Server Error|Bad Gateway|Service (?:Temporarily )?Unavailable|Gateway Time-?out|Too Many Requests|Forbidden|Unauthorized|Proxy Authentication|Not Found)/i,
      role: 'error',
      typeGroup: 1,
    },
    {
      id: 'network-resolve',
      pattern:
        /Could not resolve (?:host|proxy|hostname)|Temporary failure (?:in name resolution|resolving)|Name or service not known|no such host|getaddrinfo|nodename nor servname/i,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'network-connect',
      pattern:
        /Connection (?:refused|reset(?: by peer)?|timed out|closed by|aborted)|Network is unreachable|No route to host|Failed to connect to|connection attempt failed|remote end hung up|i\/o timeout|TLS handshake|broken pipe/i,
      role: 'error',
    },
    {
      id: 'network-curl',
      pattern: /^curl: \((\d{1,3})\) /,
      role: 'error',
      priority: 'critical',
      typeGroup: 1,
    },
    {
      id: 'network-certificate',
      pattern:
        /certificate (?:verify failed|has expired|is not trusted|signed by unknown|problem)|SSL(?:Error|_ERROR|: CERTIFICATE)|self[- ]signed certificate/i,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'network-deadline',
      pattern:
        /context deadline exceeded|deadline has elapsed|(?:read|operation|request|connection|gateway) timed out|timed out (?:after|waiting)/i,
      role: 'error',
    },
    {
      id: 'network-rate-limit',
      pattern: /rate limit(?: has been)? (?:exceeded|reached)|toomanyrequests/i,
      role: 'error',
      priority: 'critical',
    },
  ],
};
