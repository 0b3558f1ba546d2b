import Model

/// An interface of DCE/RPC as its identifier tells it: the services of Windows and the objects of OPC Classic, which are called
/// in the same way (DCOM).
struct RPCInterface: Sendable {
    let high: UInt64
    let low: UInt64
    let name: String
    /// What offering it makes of a server, when it makes something of it.
    var role: Role?
    /// Operations worth a name and an effect, by number.
    var operations: [UInt16: (name: String, effect: MessageEffect)] = [:]

    private init(
        _ high: UInt64, _ low: UInt64, _ name: String, _ role: Role? = nil,
        _ operations: [UInt16: (name: String, effect: MessageEffect)] = [:]
    ) {
        self.high = high
        self.low = low
        self.name = name
        self.role = role
        self.operations = operations
    }

    static func index(_ high: UInt64, _ low: UInt64) -> Int? {
        all.firstIndex { $0.high == high && $0.low == low }
    }

    /// High and low halves of the UUID as it is written. From [MS-*] "Standards Assignments" and the OPC Foundation's interface
    /// definitions.
    static let all: [RPCInterface] = [
        RPCInterface(0xe1af_8308_5d1f_11c9, 0x91a4_0800_2b14_a0fa, "epmapper", nil, [3: ("ept_map", .none)]),
        RPCInterface(0x1234_5778_1234_abcd, 0xef00_0123_4567_89ab, "lsarpc"),
        RPCInterface(0x1234_5778_1234_abcd, 0xef00_0123_4567_89ac, "samr"),
        RPCInterface(
            0x1234_5678_1234_abcd, 0xef00_0123_4567_cffb, "netlogon", nil,
            [
                4: ("NetrServerReqChallenge", .none), 26: ("NetrServerAuthenticate3", .login),
                30: ("NetrServerPasswordSet2", .write), 39: ("NetrLogonSamLogonEx", .login),
            ]),
        RPCInterface(
            0xe351_4235_4b06_11d1, 0xab04_00c0_4fc2_dcd2, "drsuapi", .domainController,
            [3: ("DRSGetNCChanges", .upload), 12: ("DRSCrackNames", .read)]),
        RPCInterface(0x4b32_4fc8_1670_01d3, 0x1278_5a47_bf6e_e188, "srvsvc"),
        RPCInterface(0x6bff_d098_a112_3610, 0x9833_46c3_f87e_345a, "wkssvc"),
        RPCInterface(
            0x367a_bb81_9844_35f1, 0xad32_98f0_3800_1003, "svcctl", nil,
            [
                1: ("RControlService", .control), 12: ("RCreateServiceW", .write), 15: ("ROpenSCManagerW", .none),
                19: ("RStartServiceW", .control), 2: ("RDeleteService", .write),
            ]),
        RPCInterface(
            0x338c_d001_2244_31f1, 0xaaaa_9000_3800_1003, "winreg", nil,
            [13: ("BaseRegReplaceKey", .write), 17: ("BaseRegQueryValue", .read), 22: ("BaseRegSetValue", .write)]),
        RPCInterface(
            0x1ff7_0682_0a51_30e8, 0x076d_740b_e8ce_e98b, "atsvc", nil, [0: ("NetrJobAdd", .write)]),
        RPCInterface(
            0x86d3_5949_83c9_4044, 0xb424_db36_3231_fd0c, "ITaskSchedulerService", nil,
            [1: ("SchRpcRegisterTask", .write), 12: ("SchRpcRun", .control)]),
        RPCInterface(0x1234_5678_1234_abcd, 0xef00_0123_4567_89ab, "spoolss"),
        RPCInterface(0x8227_3fdc_e32a_18c3, 0x3f78_8279_29dc_23ea, "eventlog"),
        RPCInterface(0xf6be_aff7_1e19_4fbb, 0x9f8f_b89e_2018_337c, "eventlog6"),
        RPCInterface(0x3919_286a_b10c_11d0, 0x9ba8_00c0_4fd9_2ef5, "dssetup"),
        RPCInterface(0x50ab_c2a4_574d_40b3, 0x9d66_ee4f_d5fb_a076, "dnsserver", .dnsServer),
        RPCInterface(0x6bff_d098_a112_3610, 0x9833_0128_9202_0162, "browser"),
        RPCInterface(
            0xd95a_fe70_a6d5_4259, 0x822e_2c84_da1d_db0d, "winshutdown", nil, [0: ("WsdrInitiateShutdown", .control)]),
        RPCInterface(
            0x894d_e0c0_0d55_11d3, 0xa322_00c0_4fa3_21a1, "InitShutdown", nil, [0: ("BaseInitiateShutdown", .control)]),
        RPCInterface(0xf5cc_5a18_4264_101a, 0x8c59_0800_2b2f_8426, "nspi (Exchange directory)", .server),
        RPCInterface(0xa4f1_db00_ca47_1067, 0xb31f_00dd_0106_62da, "emsmdb (Exchange)", .server),
        // DCOM
        RPCInterface(
            0x99fc_fec4_5260_101b, 0xbbcb_00aa_0021_347a, "IObjectExporter", nil,
            [4: ("ResolveOxid2", .none), 5: ("ServerAlive2", .none)]),
        RPCInterface(
            0x0000_01a0_0000_0000, 0xc000_0000_0000_0046, "IRemoteSCMActivator", nil,
            [3: ("RemoteGetClassObject", .none), 4: ("RemoteCreateInstance", .none)]),
        RPCInterface(0x4d9f_4ab8_7d1c_11cf, 0x861e_0020_af6e_7c57, "IRemoteActivation"),
        RPCInterface(0x0000_0143_0000_0000, 0xc000_0000_0000_0046, "IRemUnknown2"),
        RPCInterface(0x0000_0131_0000_0000, 0xc000_0000_0000_0046, "IRemUnknown"),
        RPCInterface(
            0x9556_dc99_828c_11cf, 0xa37e_00aa_0032_40c7, "IWbemServices", nil,
            [20: ("ExecQuery", .read), 24: ("ExecMethod", .control)]),
        RPCInterface(0xf309_ad18_d86a_11d0, 0xa075_00c0_4fb6_8820, "IWbemLevel1Login", nil, [6: ("NTLMLogin", .login)]),
        // OPC Data Access, Alarms and Events, Historical Data Access
        RPCInterface(
            0x39c1_3a4d_011e_11d0, 0x9675_0020_afd8_adb3, "IOPCServer", .opcServer,
            [3: ("AddGroup", .none), 6: ("GetStatus", .identity)]),
        RPCInterface(0x39c1_3a4f_011e_11d0, 0x9675_0020_afd8_adb3, "IOPCBrowseServerAddressSpace", .opcServer),
        RPCInterface(0x39c1_3a50_011e_11d0, 0x9675_0020_afd8_adb3, "IOPCGroupStateMgt", .opcServer),
        RPCInterface(
            0x39c1_3a52_011e_11d0, 0x9675_0020_afd8_adb3, "IOPCSyncIO", .opcServer,
            [3: ("Read", .read), 4: ("Write", .write)]),
        RPCInterface(
            0x39c1_3a53_011e_11d0, 0x9675_0020_afd8_adb3, "IOPCAsyncIO", .opcServer,
            [3: ("Read", .read), 4: ("Write", .write)]),
        RPCInterface(0x39c1_3a54_011e_11d0, 0x9675_0020_afd8_adb3, "IOPCItemMgt", .opcServer, [3: ("AddItems", .none)]),
        RPCInterface(0x39c1_3a70_011e_11d0, 0x9675_0020_afd8_adb3, "IOPCDataCallback"),
        RPCInterface(
            0x39c1_3a71_011e_11d0, 0x9675_0020_afd8_adb3, "IOPCAsyncIO2", .opcServer,
            [3: ("Read", .read), 4: ("Write", .write)]),
        RPCInterface(0x39c1_3a72_011e_11d0, 0x9675_0020_afd8_adb3, "IOPCItemProperties", .opcServer),
        RPCInterface(0xf31d_fde2_07b6_11d2, 0xb2d8_0060_083b_a1fb, "IOPCCommon", .opcServer),
        RPCInterface(0x1348_6d50_4821_11d2, 0xa494_3cb3_06c1_0000, "IOPCServerList"),
        RPCInterface(0x9dd0_b56c_ad9e_43ee, 0x8305_487f_3188_bf7a, "IOPCServerList2"),
        RPCInterface(0x6516_8851_5783_11d1, 0x84a0_0060_8cb8_a7e9, "IOPCEventServer", .opcServer),
        RPCInterface(0x1f12_17b0_dee0_11d2, 0xa5e5_0000_8633_9399, "IOPCHDA_Server", .historian),
        RPCInterface(0x1f12_17b2_dee0_11d2, 0xa5e5_0000_8633_9399, "IOPCHDA_SyncRead", .historian),
    ]
}
